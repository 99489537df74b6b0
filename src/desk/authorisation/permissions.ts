import { parseDocumentFile } from '../../model/document.ts';
import { collections } from '../../model/collections/collections.ts';
import { pathParameters } from '../../model/entry-path.ts';
import { hasRole, mayWriteFor, mayWriteIn, roleWords, wantsSecondPerson, type Role } from '../../model/roles.ts';
import { z } from 'zod';
import type { Draft, Drafts } from '../drafts/drafts.ts';
import type { EntryRef } from '../domain/entry-ref.ts';
import type { Timeline } from '../history/timeline.ts';
import { Refusal } from '../domain/refusal.ts';
import type { Repository } from '../storage/repository.ts';
import type { Accounts } from '../accounts/accounts.ts';
import type { Editor } from '../domain/editor.ts';

const belonging = z.object({ unit: z.string() });

/** Does an entry's path say whose it is? Elsewhere its text does. */
function unitInPath({ collection, file }: EntryRef): string | undefined {
  const at = collections[collection].path.split('/').indexOf('{unit}');
  return at < 0 ? undefined : file.split('/')[at];
}

/** The unit that the text of an entry names; undefined: none. */
function unitInText(file: string, text: string): string | undefined {
  const document = parseDocumentFile(file, text);
  return 'what' in document ? undefined : belonging.safeParse(document.data).data?.unit;
}

/** Do the entries of this collection belong to a unit? */
function belongs({ collection }: EntryRef): boolean {
  return 'unit' in collections[collection].schema.shape || pathParameters(collection).includes('unit');
}

const OTHERS = '这是其他单位的内容，您只能处理本单位的。';

/** What decisions are made from. */
export interface PermissionsDeps {
  repository: Repository;
  drafts: Drafts;
  accounts: Accounts;
  chronicle: Timeline;
  /** Is something kept of an entry, such as notes, of which the repository may know nothing any more? */
  remains(name: EntryRef): Promise<boolean>;
  /** Do the site's settings let reviewers approve what they wrote? */
  selfApproval(): Promise<boolean>;
}

/**
 * Who may do what to which entry. Whatever is not granted here is refused. Whose an entry is, is read from its path and
 * from what is stored, never from what is asked.
 */
export class Permissions {
  readonly #repository: Repository;
  readonly #drafts: Drafts;
  readonly #accounts: Accounts;
  readonly #chronicle: Timeline;
  readonly #remains: (name: EntryRef) => Promise<boolean>;
  readonly #selfApproval: () => Promise<boolean>;

  constructor({ repository, drafts, accounts, chronicle, remains, selfApproval }: PermissionsDeps) {
    this.#repository = repository;
    this.#drafts = drafts;
    this.#accounts = accounts;
    this.#chronicle = chronicle;
    this.#remains = remains;
    this.#selfApproval = selfApproval;
  }

  /** May somebody see an entry at the desk, its draft, its history, and what was said of it? */
  async mayAccess(editor: Editor, name: EntryRef): Promise<boolean> {
    if (!mayWriteIn(editor, name.collection)) return false;
    if (hasRole(editor, 'reviewer') || !belongs(name)) return true;
    const units = await this.#unitsOf(name);
    return units.every((unit) => mayWriteFor(editor, unit));
  }

  /**
   * Since when an entry is somebody's to look back on (ISO 8601); undefined: since ever. Where its path does not say whose it
   * is, one that is gone can be made again for another unit: what was written and said of the older one is not its authors'.
   * Whether somebody may access the entry at all was asked before.
   */
  async since(editor: Editor, name: EntryRef): Promise<string | undefined> {
    if (hasRole(editor, 'reviewer') || !belongs(name) || unitInPath(name) !== undefined) return undefined;
    let since = new Date().toISOString();
    for await (const { at, unit } of this.#versions(name)) {
      if (!mayWriteFor(editor, unit)) return since;
      since = at;
    }
    return since;
  }

  /** Throws a Refusal (403) where somebody may not read or change an entry as it is. */
  async requireAccess(editor: Editor, name: EntryRef): Promise<void> {
    if (await this.mayAccess(editor, name)) return;
    const { label } = collections[name.collection];
    throw new Refusal(
      403,
      mayWriteIn(editor, name.collection) ? OTHERS : `“${label}”不由${roleWords[editor.role]}处理。`,
    );
  }

  /** Throws a Refusal (403) where somebody may not make a text that names this unit the entry's next version. */
  async requireSaving(editor: Editor, name: EntryRef, unit: string | undefined): Promise<void> {
    await this.requireAccess(editor, name);
    if (hasRole(editor, 'reviewer') || !belongs(name)) return;
    if (unit === editor.unit || (unit === undefined && unitInPath(name) !== undefined)) return;
    throw new Refusal(403, unit === undefined ? '没有保存：请先选本单位。' : `没有保存。${OTHERS}`);
  }

  requireRole(editor: Editor, role: Role): void {
    if (!hasRole(editor, role)) throw new Refusal(403, `这一步由${roleWords[role]}来做。`);
  }

  /** Throws a Refusal (403) where somebody may not approve a draft: nobody alone decides on what he or she wrote. */
  async requireApproval(editor: Editor, draft: Draft): Promise<void> {
    this.requireRole(editor, 'reviewer');
    await this.requireAccess(editor, draft.name);
    if (!wantsSecondPerson(draft.name.collection) || !draft.writers.includes(editor.login)) return;
    const others = this.#accounts.reviewers().filter(({ login }) => !draft.writers.includes(login));
    const alone = this.#accounts.reviewers().length <= 1;
    if (alone || (await this.#selfApproval())) return;
    const who =
      others.length > 0 ? `请另一位审核来通过：${others.map(({ name }) => name).join('、')}` : '几位审核都改过它';
    throw new Refusal(403, `您写过或改过这一篇，不能自己通过。${who}；或由管理员在网站设置里允许自审。`);
  }

  /**
   * Whose an entry is: the unit in its path, or those that its draft and its published text name. Of one that is gone, the
   * unit that its last version names; where no version is left of something that there was, nobody's but the
   * reviewers' (`undefined`). Empty: there never was such an entry, and there is nothing to see of it.
   */
  async #unitsOf(name: EntryRef): Promise<(string | undefined)[]> {
    const inPath = unitInPath(name);
    if (inPath !== undefined) return [inPath];
    const stored = await this.#unitsStored(name);
    if (stored.length > 0) return stored;
    for await (const { unit } of this.#versions(name)) return [unit];
    return (await this.#remains(name)) ? [undefined] : [];
  }

  /** The versions that there ever were of an entry, in drafts too, newest first, and the unit that each names. */
  async *#versions(name: EntryRef): AsyncGenerator<{ at: string; unit: string | undefined }> {
    for (const { commit, at, isVersion } of await this.#chronicle.of(name, { trash: true })) {
      if (!isVersion) continue;
      const blob = await this.#repository.blobAt(commit, name.file);
      if (blob !== undefined) yield { at, unit: await this.#unitIn(name, blob) };
    }
  }

  /** The units that the stored versions of an entry name. */
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
