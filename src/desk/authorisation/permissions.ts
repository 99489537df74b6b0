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

/** Returns the unit in an entry's path; undefined if the collection's paths have none: then the text names it. */
function unitInPath({ collection, file }: EntryRef): string | undefined {
  const at = collections[collection].path.split('/').indexOf('{unit}');
  return at < 0 ? undefined : file.split('/')[at];
}

/** Returns the unit that an entry's text names, or undefined. */
function unitInText(file: string, text: string): string | undefined {
  const document = parseDocumentFile(file, text);
  return 'what' in document ? undefined : entryWithUnit.safeParse(document.data).data?.unit;
}

/** Do entries of this collection belong to a unit? */
function belongsToUnit({ collection }: EntryRef): boolean {
  return 'unit' in collections[collection].schema.shape || pathParameters(collection).includes('unit');
}

const OTHERS = '这是其他单位的内容，您只能处理本单位的。';

/** What decisions depend on. */
export interface PermissionsDeps {
  repository: Repository;
  drafts: Drafts;
  accounts: Accounts;
  timeline: Timeline;
  /** Does the desk keep anything of an entry, such as comments, that may have gone from the repository? */
  remains(name: EntryRef): Promise<boolean>;
  /** Do the site's settings let reviewers approve what they wrote? */
  selfApproval(): Promise<boolean>;
}

/**
 * Who may do what with which entry. What is not granted here is refused. The unit of an entry is read from its path and
 * from stored texts, never from the request.
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

  /** May a person see an entry at the desk: its draft, its history and its comments? */
  async mayAccess(editor: Editor, name: EntryRef): Promise<boolean> {
    if (!mayWriteIn(editor, name.collection)) return false;
    if (hasRole(editor, 'reviewer') || !belongsToUnit(name)) return true;
    const units = await this.#unitsOf(name);
    return units.every((unit) => mayWriteFor(editor, unit));
  }

  /**
   * Returns the time (ISO 8601) from which a person may see an entry's past; undefined if all of it. An entry without a
   * unit in its path can be made again for another unit after it was deleted: then the versions and comments of the
   * older entry are hidden from the authors of the newer one. Callers have checked access to the entry.
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

  /** @throws Refusal 403 if a person may do less than a role. */
  requireRole(editor: Editor, role: Role): void {
    if (!hasRole(editor, role)) throw new Refusal(403, `这一步由${roleWords[role]}来做。`);
  }

  /** @throws Refusal 403 if a person may not write in a collection. */
  requireCollection(editor: Editor, collection: CollectionName): void {
    if (!mayWriteIn(editor, collection)) throw new Refusal(403, '您不处理这个栏目。');
  }

  /** @throws Refusal 403 if a person may neither read nor change an entry as it is stored. */
  async requireAccess(editor: Editor, name: EntryRef): Promise<void> {
    if (await this.mayAccess(editor, name)) return;
    const { label } = collections[name.collection];
    throw new Refusal(
      403,
      mayWriteIn(editor, name.collection) ? OTHERS : `“${label}”不由${roleWords[editor.role]}处理。`,
    );
  }

  /** @throws Refusal 403 if a person may not save a text that names this unit as the entry's next version. */
  async requireSaving(editor: Editor, name: EntryRef, unit: string | undefined): Promise<void> {
    await this.requireAccess(editor, name);
    if (hasRole(editor, 'reviewer') || !belongsToUnit(name)) return;
    if (unit === editor.unit || (unit === undefined && unitInPath(name) !== undefined)) return;
    throw new Refusal(403, unit === undefined ? '没有保存：请先选本单位。' : `没有保存。${OTHERS}`);
  }

  /**
   * Checks whether a person may move a draft to a state: approving is a reviewer's decision, and so is every move of an
   * approved draft. Callers have checked access to the entry.
   * @throws Refusal 403
   */
  async requireDecision(editor: Editor, draft: Draft, state: DraftState): Promise<void> {
    if (state === 'pending_publish') return this.#requireApproval(editor, draft);
    if (state === 'pending_review') return this.requireChanging(editor, draft);
    if (draft.state !== 'pending_publish' || hasRole(editor, 'reviewer')) return;
    throw new Refusal(
      403,
      `这一篇已经“${stateWords.pending_publish}”，不能取回。要改就直接改了保存：它会回到草稿，改完再送审。`,
    );
  }

  /** @throws Refusal 403 if a draft is approved and the person is not a reviewer. */
  requireChanging(editor: Editor, draft: Draft): void {
    if (draft.state === 'pending_publish') this.requireRole(editor, 'reviewer');
  }

  /** @throws Refusal 403 if a person may not approve a draft: nobody alone decides on what he or she wrote. */
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
   * Returns the units that an entry belongs to: the unit in its path, or the units that its draft and its published text
   * name. An entry that is gone belongs to the unit that its last version names; if no version is left of it, to nobody
   * but the reviewers (`undefined`). Empty if there never was such an entry: there is nothing of it to see.
   */
  async #unitsOf(name: EntryRef): Promise<(string | undefined)[]> {
    const inPath = unitInPath(name);
    if (inPath !== undefined) return [inPath];
    const stored = await this.#unitsStored(name);
    if (stored.length > 0) return stored;
    for await (const { unit } of this.#versions(name)) return [unit];
    return (await this.#remains(name)) ? [undefined] : [];
  }

  /** Yields every version that an entry ever had, in drafts too, newest first, with the unit that the version names. */
  async *#versions(name: EntryRef): AsyncGenerator<{ at: string; unit: string | undefined }> {
    for (const { commit, at, isVersion } of await this.#timeline.of(name, { trash: true })) {
      if (!isVersion) continue;
      const blob = await this.#repository.blobAt(commit, name.file);
      if (blob !== undefined) yield { at, unit: await this.#unitIn(name, blob) };
    }
  }

  /** Returns the units that an entry's draft and published text name. */
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
