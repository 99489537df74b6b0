import { dateAndTimeInChina } from '../domain/china-time.ts';
import type { Draft, Drafts } from '../drafts/drafts.ts';
import type { DraftSaves, ParsedSave } from './save-draft.ts';
import type { EntryRef } from '../domain/entry-ref.ts';
import type { Editor } from '../domain/editor.ts';
import type { Permissions } from '../authorisation/permissions.ts';
import { Refusal } from '../domain/refusal.ts';
import type { Repository } from '../storage/repository.ts';
import type { TextThreads } from '../texts/text-threads.ts';
import { versionJobs } from '../history/version-job-file.ts';
import { contentPath } from '../history/timeline.ts';
import { versionAt, type EntryVersion } from '../history/version.ts';
import { writtenDifferences } from '../history/editor-fields.ts';

/** A service that saves an older version of an entry, or a refused text, as the entry's draft. It publishes nothing. */
export class VersionRestore {
  readonly #repository: Repository;
  readonly #drafts: Drafts;
  readonly #editing: DraftSaves;
  readonly #permissions: Permissions;
  readonly #texts: TextThreads;

  constructor(
    repository: Repository,
    drafts: Drafts,
    editing: DraftSaves,
    permissions: Permissions,
    texts: TextThreads,
  ) {
    this.#repository = repository;
    this.#drafts = drafts;
    this.#editing = editing;
    this.#permissions = permissions;
    this.#texts = texts;
  }

  /**
   * Resolves to the commit that contains the current version of an entry, as the editor shows it: the last commit of
   * the draft or, if there is no draft, the published commit.
   */
  async standing({ ref }: EntryRef): Promise<string> {
    return (await this.#repository.commitAt(ref)) ?? this.#repository.head();
  }

  /**
   * Resolves to the git id of the entry's folder, or of its file if it has no folder, in the commit that `standing`
   * returns. The id changes when the text or a photo changes, but not when the state of the draft changes. Resolves to
   * an empty string if the entry does not exist.
   */
  async standingContent(name: EntryRef): Promise<string> {
    return (await this.#repository.idAt(await this.standing(name), contentPath(name))) ?? '';
  }

  /**
   * Saves an older version with its photos as the entry's draft, and resolves to undefined. The new draft replaces the
   * existing draft. If other people wrote the existing draft, or if it is in review or approved, the editor must first
   * agree to replace it. As long as `sure` is not the commit of the existing draft, this method then saves nothing and
   * resolves to the existing draft.
   * @param options.at when the older version was saved, ISO 8601.
   * @param options.sure the commit of the draft that the editor has agreed to replace; undefined if the editor was not
   * asked.
   * @throws Refusal 409 if nothing would change, 403 if this person may not save the version, and what `DraftSaves`
   * throws.
   */
  async restore(
    name: EntryRef,
    version: EntryVersion,
    { at, sure }: { at: string; sure: string | undefined },
    editor: Editor,
  ): Promise<Draft | undefined> {
    const parsed = await this.#parse(editor, name, version.text);
    const draft = await this.#drafts.find(name);
    const now = await versionAt(this.#repository, name, draft?.commit ?? (await this.#repository.head()));
    const differences = await this.#texts.ask(editor.login, versionJobs, 'differing', {
      name,
      before: now,
      after: version,
    });
    if (writtenDifferences(name, differences).length === 0) {
      throw new Refusal(409, `${draft ? '现在的草稿' : '已发布的'}就是这一版，用不着恢复。`);
    }
    const asks = draft && (draft.state !== 'draft' || draft.writers.some((login) => login !== editor.login));
    if (asks && draft.commit !== sure) return draft;
    await this.#save(parsed, version.photos, now, `恢复 ${dateAndTimeInChina(at)} 的一版`);
    return undefined;
  }

  /**
   * Saves a refused text as the entry's draft, or the current text with some fields of the refused text. If the current
   * text cannot be parsed, the whole refused text is saved.
   * @param options.keys keys of the fields to take from the refused text, or `all` for the whole text.
   * @param options.stands result of `standingContent` when the editor compared the refused text with the current
   * version.
   * @throws Refusal 409 if the current version is no longer the compared one; 422 if the Markdown of the current text
   * cannot be replaced; 403 if this person may not save the result; and what `DraftSaves` throws.
   */
  async takeOver(
    name: EntryRef,
    refused: EntryVersion,
    { keys, stands }: { keys: readonly string[] | 'all'; stands: string },
    editor: Editor,
  ): Promise<void> {
    if (stands !== (await this.standingContent(name))) {
      throw new Refusal(409, '这一篇刚刚又有人改过，没有处理。请重新比较，再选一次。');
    }
    const now = await versionAt(this.#repository, name, await this.standing(name));
    const merged =
      keys === 'all'
        ? { text: refused.text, whole: true }
        : await this.#texts.ask(editor.login, versionJobs, 'mergedText', { name, now, other: refused, keys });
    if (!merged) throw new Refusal(422, '现在的这一版读不出，不能只取几处。请全部用没有保存的一版。');
    const { text, whole } = merged;
    const parsed = await this.#parse(editor, name, text);
    const photos = whole || keys.includes('photos') ? refused.photos : new Map<string, string>();
    await this.#save(parsed, photos, now, whole ? '采用没有保存的一版' : '采用没有保存的几处');
  }

  /**
   * Parses a text that a person wants to save.
   * @throws Refusal 403 if this person may not save the text, 413 if it is too long, 422 if it cannot be parsed.
   */
  async #parse(editor: Editor, ref: EntryRef, raw: string): Promise<ParsedSave> {
    await this.#permissions.requireAccess(editor, ref);
    const parsed = await this.#editing.parse({ ref, raw, lenient: true }, editor);
    await this.#permissions.requireSaving(editor, ref, parsed.document.unit);
    return parsed;
  }

  async #save(
    parsed: ParsedSave,
    photos: ReadonlyMap<string, string>,
    now: EntryVersion | undefined,
    subject: string,
  ): Promise<void> {
    const baseId = (now && (await this.#repository.blobAt(now.commit, parsed.ref.file))) ?? null;
    await this.#editing.save(parsed, { baseId, subject, photos });
  }
}
