import { parseDocumentFile } from '../../model/document.ts';
import { collections } from '../../model/collections/collections.ts';
import { pathParameters } from '../../model/entry-path.ts';
import type { CollectionName } from '../../model/fields/collection-names.ts';
import { hasRole, mayWriteFor, mayWriteIn, roleWords, wantsSecondPerson, type Role } from '../../model/roles.ts';
import { z } from 'zod';
import { stateWords, type Draft, type Drafts, type DraftState } from '../drafts/drafts.ts';
import type { EntryRef } from '../domain/entry-ref.ts';
import type { Timeline } from '../history/timeline.ts';
import { Refusal } from '../domain/refusal.ts';
import type { Repository } from '../storage/repository.ts';
import type { Accounts } from '../accounts/accounts.ts';
import type { Editor } from '../domain/editor.ts';

const entryWithUnit = z.object({ unit: z.string() });

/**
 * Returns the code of the unit in the path of an entry. Returns undefined if the collection's paths have none: then the
 * entry's text names the unit.
 */
function unitInPath({ collection, file }: EntryRef): string | undefined {
  const at = collections[collection].path.split('/').indexOf('{unit}');
  return at < 0 ? undefined : file.split('/')[at];
}

/** Returns the code of the unit that an entry's text names; undefined if it names none or cannot be parsed. */
function unitInText(file: string, text: string): string | undefined {
  const document = parseDocumentFile(file, text);
  return 'what' in document ? undefined : entryWithUnit.safeParse(document.data).data?.unit;
}

/** Returns whether entries of this collection belong to a unit. */
function belongsToUnit({ collection }: EntryRef): boolean {
  return 'unit' in collections[collection].schema.shape || pathParameters(collection).includes('unit');
}

const OTHERS = '这是其他单位的内容，您只能处理本单位的。';

/** The dependencies of `Permissions`. */
export interface PermissionsDeps {
  repository: Repository;
  drafts: Drafts;
  accounts: Accounts;
  timeline: Timeline;
  /** Resolves to whether the desk stores anything about an entry outside its versions, such as comments. */
  remains(name: EntryRef): Promise<boolean>;
  /** Resolves to whether the site's settings allow reviewers to approve what they wrote. */
  selfApproval(): Promise<boolean>;
}

/**
 * The rules of who may do what with which entry. What no rule allows is refused. The unit of an entry is read from the
 * entry's path and from stored texts, never from the request.
 */
export class Permissions {
  readonly #repository: Repository;
  readonly #drafts: Drafts;
  readonly #accounts: Accounts;
  readonly #timeline: Timeline;
  readonly #remains: (name: EntryRef) => Promise<boolean>;
  readonly #selfApproval: () => Promise<boolean>;

  constructor({ repository, drafts, accounts, timeline, remains, selfApproval }: PermissionsDeps) {
    this.#repository = repository;
    this.#drafts = drafts;
    this.#accounts = accounts;
    this.#timeline = timeline;
    this.#remains = remains;
    this.#selfApproval = selfApproval;
  }

  /** Resolves to whether a person may see an entry at the desk: its draft, its history and its comments. */
  async mayAccess(editor: Editor, name: EntryRef): Promise<boolean> {
    if (!mayWriteIn(editor, name.collection)) return false;
    if (hasRole(editor, 'reviewer') || !belongsToUnit(name)) return true;
    const units = await this.#unitsOf(name);
    return units.every((unit) => mayWriteFor(editor, unit));
  }

  /**
   * Resolves to the time (ISO 8601) since when a person may see an entry's history. Resolves to undefined if the person
   * may see all of it. The reason: an entry without a unit in its path can be deleted and then created again for
   * another unit. The authors of the newer entry must not see versions and comments of the older one. The caller has
   * checked that the person has access to the entry.
   */
  async since(editor: Editor, name: EntryRef): Promise<string | undefined> {
    if (hasRole(editor, 'reviewer') || !belongsToUnit(name) || unitInPath(name) !== undefined) return undefined;
    let since = new Date().toISOString();
    for await (const { at, unit } of this.#versions(name)) {
      if (!mayWriteFor(editor, unit)) return since;
      since = at;
    }
    return since;
  }

  /**
   * Checks that a person has a role, or a higher one.
   * @throws Refusal 403 if not.
   */
  requireRole(editor: Editor, role: Role): void {
    if (!hasRole(editor, role)) throw new Refusal(403, `这一步由${roleWords[role]}来做。`);
  }

  /**
   * Checks that a person may write in a collection.
   * @throws Refusal 403 if not.
   */
  requireCollection(editor: Editor, collection: CollectionName): void {
    if (!mayWriteIn(editor, collection)) throw new Refusal(403, '您不处理这个栏目。');
  }

  /**
   * Checks that a person may read and change an entry as it is stored.
   * @throws Refusal 403 if not.
   */
  async requireAccess(editor: Editor, name: EntryRef): Promise<void> {
    if (await this.mayAccess(editor, name)) return;
    const { label } = collections[name.collection];
    throw new Refusal(
      403,
      mayWriteIn(editor, name.collection) ? OTHERS : `“${label}”不由${roleWords[editor.role]}处理。`,
    );
  }

  /**
   * Checks that a person may save a text as the next version of an entry.
   * @param unit code of the unit that the text names, or undefined if it names none.
   * @throws Refusal 403 if not.
   */
  async requireSaving(editor: Editor, name: EntryRef, unit: string | undefined): Promise<void> {
    await this.requireAccess(editor, name);
    if (hasRole(editor, 'reviewer') || !belongsToUnit(name)) return;
    if (unit === editor.unit || (unit === undefined && unitInPath(name) !== undefined)) return;
    throw new Refusal(403, unit === undefined ? '没有保存：请先选本单位。' : `没有保存。${OTHERS}`);
  }

  /**
   * Checks that a person may move a draft to a state. Only reviewers approve a draft, and only reviewers move a draft
   * that is approved. The caller has checked that the person has access to the entry.
   * @throws Refusal 403 if not.
   */
  async requireDecision(editor: Editor, draft: Draft, state: DraftState): Promise<void> {
    if (state === 'pending_publish') return this.#requireApproval(editor, draft);
    if (state === 'pending_review') return this.requireChanging(editor, draft);
    if (draft.state !== 'pending_publish' || hasRole(editor, 'reviewer')) return;
    throw new Refusal(
      403,
      `这一篇的状态是“${stateWords.pending_publish}”，不能取回。要改就直接改了保存：它会回到草稿，改完再送审。`,
    );
  }

  /**
   * Checks that a person may change a draft: send it to review or delete it. Only reviewers may change an approved
   * draft.
   * @throws Refusal 403 if the person may not.
   */
  requireChanging(editor: Editor, draft: Draft): void {
    if (draft.state === 'pending_publish') this.requireRole(editor, 'reviewer');
  }

  /**
   * Checks that a person may approve a draft. Reviewers do not approve what they wrote, except if the desk has only one
   * reviewer, the site's settings allow it, or the collection needs no second person.
   * @throws Refusal 403 if not.
   */
  async #requireApproval(editor: Editor, { name, writers }: Draft): Promise<void> {
    this.requireRole(editor, 'reviewer');
    if (!wantsSecondPerson(name.collection) || !writers.includes(editor.login)) return;
    const reviewers = this.#accounts.reviewers();
    const others = reviewers.filter(({ login }) => !writers.includes(login));
    if (reviewers.length <= 1 || (await this.#selfApproval())) return;
    const who =
      others.length > 0
        ? `请另一位审核来通过：${others.map(({ name: other }) => other).join('、')}`
        : '几位审核都改过它';
    throw new Refusal(403, `您写过或改过这一篇，不能自己通过。${who}；或由管理员在网站设置里允许自审。`);
  }

  /**
   * Resolves to the codes of the units that an entry belongs to:
   * - the unit in the entry's path, if there is one;
   * - otherwise the units that its draft and its published text name;
   * - if the entry no longer exists, the unit that its last version names;
   * - `[undefined]`, so that only reviewers have access, if no version is left but the desk stores comments or
   *   conflicts;
   * - an empty array if there never was such an entry: then there is nothing to see.
   */
  async #unitsOf(name: EntryRef): Promise<(string | undefined)[]> {
    const inPath = unitInPath(name);
    if (inPath !== undefined) return [inPath];
    const stored = await this.#unitsStored(name);
    if (stored.length > 0) return stored;
    for await (const { unit } of this.#versions(name)) return [unit];
    return (await this.#remains(name)) ? [undefined] : [];
  }

  /**
   * Yields every version that an entry ever had, also in open and deleted drafts, newest first: its time (ISO 8601),
   * and the unit that it names.
   */
  async *#versions(name: EntryRef): AsyncGenerator<{ at: string; unit: string | undefined }> {
    for (const { commit, at, isVersion } of await this.#timeline.of(name, { trash: true })) {
      if (!isVersion) continue;
      const blob = await this.#repository.blobAt(commit, name.file);
      if (blob !== undefined) yield { at, unit: await this.#unitIn(name, blob) };
    }
  }

  /** Resolves to the units that an entry's draft and published text name; undefined for a text that names none. */
  async #unitsStored(name: EntryRef): Promise<(string | undefined)[]> {
    const draft = await this.#drafts.find(name);
    const commits = [...(draft ? [draft.commit] : []), await this.#repository.head()];
    const blobs = await Promise.all(commits.map(async (commit) => this.#repository.blobAt(commit, name.file)));
    const stored = [...new Set(blobs)].filter((blob) => blob !== undefined);
    return Promise.all(stored.map(async (blob) => this.#unitIn(name, blob)));
  }

  async #unitIn({ file }: EntryRef, blob: string): Promise<string | undefined> {
    return unitInText(file, (await this.#repository.bytes(blob)).toString());
  }
}
