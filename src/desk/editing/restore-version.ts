import { dateAndTimeInChina } from '../domain/china-time.ts';
import type { Draft, Drafts } from '../drafts/drafts.ts';
import type { DraftSaves } from './save-draft.ts';
import type { EntryRef } from '../domain/entry-ref.ts';
import type { Editor } from '../domain/editor.ts';
import type { Permissions } from '../authorisation/permissions.ts';
import { Refusal } from '../domain/refusal.ts';
import type { Repository } from '../storage/repository.ts';
import type { TextThreads } from '../texts/text-room.ts';
import { versionJobs } from '../history/version-job-file.ts';
import { placeOf } from '../history/timeline.ts';
import { versionAt, type EntryVersion } from '../history/version.ts';
import { writtenDifferences } from '../history/written.ts';

/** Making an older or a refused text the next version of a draft; nothing is published by it. */
export class VersionRestore {
  readonly #repository: Repository;
  readonly #drafts: Drafts;
  readonly #editing: DraftSaves;
  readonly #policy: Permissions;
  readonly #texts: TextThreads;

  constructor(repository: Repository, drafts: Drafts, editing: DraftSaves, policy: Permissions, texts: TextThreads) {
    this.#repository = repository;
    this.#drafts = drafts;
    this.#editing = editing;
    this.#policy = policy;
    this.#texts = texts;
  }

  /** The commit that has what an editor who opens the entry gets: its draft, else what is published. */
  async standing({ ref }: EntryRef): Promise<string> {
    return (await this.#repository.commitAt(ref)) ?? this.#repository.head();
  }

  /** Names what stands of an entry, text and photos, whatever its state; empty: nothing. */
  async standingContent(name: EntryRef): Promise<string> {
    return (await this.#repository.idAt(await this.standing(name), placeOf(name))) ?? '';
  }

  /**
   * Saves a version with its photos as the entry's draft. Answers the draft that would be set aside, where it has to be
   * asked first: others wrote in it, or it is in review or approved; `sure` names that draft's commit once it was
   * asked. Throws a Refusal where there is nothing to restore, or this person may not.
   */
  async restore(
    name: EntryRef,
    version: EntryVersion,
    { at, sure }: { at: string; sure: string | undefined },
    editor: Editor,
  ): Promise<Draft | undefined> {
    await this.#requireSaving(editor, name, version.text);
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
    await this.#save(name, version.text, version.photos, now, `恢复 ${dateAndTimeInChina(at)} 的一版`, editor);
    return undefined;
  }

  /**
   * Saves a text that was refused, or some of its fields (`keys`), on what stands now (`stands`: its content, as it was shown).
   * Throws a Refusal where something else stands by now.
   */
  async takeOver(
    name: EntryRef,
    kept: EntryVersion,
    { keys, stands }: { keys: readonly string[] | 'all'; stands: string },
    editor: Editor,
  ): Promise<void> {
    if (stands !== (await this.standingContent(name))) {
      throw new Refusal(409, '这一篇刚刚又有人改过，没有处理。请重新比较，再选一次。');
    }
    const now = await versionAt(this.#repository, name, await this.standing(name));
    const merged =
      keys === 'all'
        ? { text: kept.text, whole: true }
        : await this.#texts.ask(editor.login, versionJobs, 'mergedText', { name, now, kept, keys });
    if (!merged) throw new Refusal(422, '现在的这一版读不出，不能只取几处。请全部用没有保存的一版。');
    const { text, whole } = merged;
    await this.#requireSaving(editor, name, text);
    const photos = whole || keys.includes('photos') ? kept.photos : new Map<string, string>();
    await this.#save(name, text, photos, now, whole ? '采用没有保存的一版' : '采用没有保存的几处', editor);
  }

  /** Throws a Refusal where this person may not save a text, or nobody may. */
  async #requireSaving(editor: Editor, name: EntryRef, text: string): Promise<void> {
    await this.#policy.requireAccess(editor, name);
    const { unit } = await this.#editing.look({ file: name.file, raw: text }, editor);
    await this.#policy.requireSaving(editor, name, unit);
  }

  async #save(
    name: EntryRef,
    raw: string,
    photos: ReadonlyMap<string, string>,
    now: EntryVersion | undefined,
    subject: string,
    editor: Editor,
  ): Promise<void> {
    const { file } = name;
    const baseId = (now && (await this.#repository.blobAt(now.commit, file))) ?? null;
    await this.#editing.save({ file, raw, baseId, subject, photos, lenient: true }, editor);
  }
}
