import { collections } from '../../model/collections.ts';
import { formOf } from '../../model/field.ts';
import { moment } from '../calendar.ts';
import type { Draft, Drafts } from '../drafts.ts';
import type { Editing } from '../editing.ts';
import type { EntryName } from '../entry-name.ts';
import { withFields } from '../front-matter.ts';
import type { Editor } from '../people/editor.ts';
import type { Policy } from '../people/policy.ts';
import { Refusal } from '../refusal.ts';
import type { Repository } from '../repository.ts';
import { placeOf } from './chronicle.ts';
import { BODY, WHOLE, compareVersions, type Difference } from './comparison.ts';
import { versionAt, type EntryVersion } from './version.ts';

/** Two versions as they differ in what editors write: the desk's own keys are as they are published. */
export function writtenDifferences({ collection }: EntryName, differences: readonly Difference[]): Difference[] {
  const own = Object.entries(collections[collection].schema.shape).flatMap(([key, field]) =>
    formOf(field).deskOnly ? [key] : [],
  );
  return differences.filter(({ key }) => !own.includes(key));
}

/** Making an older or a refused text the next version of a draft; nothing is published by it. */
export class Restoring {
  readonly #repository: Repository;
  readonly #drafts: Drafts;
  readonly #editing: Editing;
  readonly #policy: Policy;

  constructor(repository: Repository, drafts: Drafts, editing: Editing, policy: Policy) {
    this.#repository = repository;
    this.#drafts = drafts;
    this.#editing = editing;
    this.#policy = policy;
  }

  /** The commit that has what an editor who opens the entry gets: its draft, else what is published. */
  async standing({ ref }: EntryName): Promise<string> {
    return (await this.#repository.commitAt(ref)) ?? this.#repository.head();
  }

  /** Names what stands of an entry, text and photos, whatever its state; empty: nothing. */
  async standingContent(name: EntryName): Promise<string> {
    return (await this.#repository.idAt(await this.standing(name), placeOf(name))) ?? '';
  }

  /**
   * Saves a version with its photos as the entry's draft. Answers the draft that would be set aside, where it has to be
   * asked first: others wrote in it, or it is in review or approved; `sure` names that draft's commit once it was
   * asked. Throws a Refusal where there is nothing to restore, or this person may not.
   */
  async restore(
    name: EntryName,
    version: EntryVersion,
    { at, sure }: { at: string; sure: string | undefined },
    editor: Editor,
  ): Promise<Draft | undefined> {
    await this.#policy.requireSaving(editor, name, version.text);
    const draft = await this.#drafts.find(name);
    const now = await versionAt(this.#repository, name, draft?.commit ?? (await this.#repository.head()));
    const differences = compareVersions(name.collection, now, version);
    if (writtenDifferences(name, differences).length === 0) {
      throw new Refusal(409, `${draft ? '现在的草稿' : '已发布的'}就是这一版，用不着恢复。`);
    }
    const asks = draft && (draft.state !== 'draft' || draft.writers.some((login) => login !== editor.login));
    if (asks && draft.commit !== sure) return draft;
    await this.#save(name, version.text, version.photos, now, `恢复 ${moment(at)} 的一版`, editor);
    return undefined;
  }

  /**
   * Saves a text that was refused, or some of its fields (`keys`), on what stands now (`stands`: its content, as it was shown).
   * Throws a Refusal where something else stands by now.
   */
  async takeOver(
    name: EntryName,
    kept: EntryVersion,
    { keys, stands }: { keys: readonly string[] | 'all'; stands: string },
    editor: Editor,
  ): Promise<void> {
    if (stands !== (await this.standingContent(name))) {
      throw new Refusal(409, '这一篇刚刚又有人改过，没有处理。请重新比较，再选一次。');
    }
    const now = await versionAt(this.#repository, name, await this.standing(name));
    const whole = keys === 'all' || !now?.fields || keys.includes(WHOLE);
    const text = whole ? kept.text : textWith(name, now, kept, keys);
    await this.#policy.requireSaving(editor, name, text);
    const photos = whole || keys.includes('photos') ? kept.photos : new Map<string, string>();
    await this.#save(name, text, photos, now, whole ? '采用没有保存的一版' : '采用没有保存的几处', editor);
  }

  async #save(
    name: EntryName,
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

/** What stands, with some fields of another version. */
function textWith(name: EntryName, now: EntryVersion, kept: EntryVersion, keys: readonly string[]): string {
  const chosen = keys.filter((key) => key !== BODY);
  const fields = new Map(chosen.map((key) => [key, kept.fields?.get(key)]));
  const text = withFields(name.file, now.text, fields, keys.includes(BODY) ? kept.body : undefined);
  if (text === undefined) throw new Refusal(422, '现在的这一版读不出，不能只取几处。请全部用没有保存的一版。');
  return text;
}
