import { draftOf } from '../../library/content/draft.ts';
import type { Publisher } from '../../render/publish/publisher.ts';
import { draftJobs } from '../drafts/draft-job-file.ts';
import type { DraftPhotos } from '../photos/draft-photos.ts';
import { requireShort } from '../editing/save-draft.ts';
import type { EntryRef } from '../domain/entry-ref.ts';
import type { Editor } from '../domain/editor.ts';
import type { Permissions } from '../authorisation/permissions.ts';
import { Refusal } from '../domain/refusal.ts';
import type { TextThreads } from '../texts/text-threads.ts';

/** Renders previews of drafts: pages as readers would get them. Texts are parsed in TextThreads. */
export class Previews {
  readonly #texts: TextThreads;
  readonly #photos: DraftPhotos;
  readonly #publisher: Promise<Publisher>;
  readonly #permissions: Permissions;
  readonly #today: () => string;

  /** @param today returns today's date in China, YYYY-MM-DD. */
  constructor(
    texts: TextThreads,
    photos: DraftPhotos,
    publisher: Promise<Publisher>,
    permissions: Permissions,
    today: () => string,
  ) {
    this.#texts = texts;
    this.#photos = photos;
    this.#publisher = publisher;
    this.#permissions = permissions;
    this.#today = today;
  }

  /**
   * Renders the page of an entry from a text that is not saved. Resolves to the HTML of the page, or to undefined if
   * the entry has no page.
   * @throws Refusal 413 if the text is too long; 422 if it cannot be parsed or takes too long; 403 if the editor may
   * not save it; 409 if the same person has sent a newer text of the entry in the meantime.
   */
  async ofSent(name: EntryRef, raw: string, editor: Editor): Promise<string | undefined> {
    requireShort(raw, '预览');
    return this.#texts.take(editor.login, async () => this.#page(name, raw, editor, true), { newest: name.file });
  }

  /**
   * Renders the page of an entry from a stored text. Resolves to the HTML of the page, or to undefined if the entry has
   * no page.
   * @throws Refusal 422 if the text cannot be parsed or takes too long.
   */
  async ofStored(name: EntryRef, text: string, editor: Editor): Promise<string | undefined> {
    return this.#texts.take(editor.login, async () => this.#page(name, text, editor, false));
  }

  async #page(name: EntryRef, raw: string, editor: Editor, sent: boolean): Promise<string | undefined> {
    const { file } = name;
    const parsed = await this.#texts.work(draftJobs, 'draft', { file, raw, today: this.#today(), sent });
    if (parsed === undefined) return undefined;
    if ('what' in parsed) throw new Refusal(422, `没有预览：${parsed.what}。${parsed.remedy}`);
    if (sent) await this.#permissions.requireSaving(editor, name, parsed.unit);
    const draft = await draftOf(parsed, async (src) => this.#photos.fileOf(name, src, editor));
    return draft && (await this.#publisher).preview(draft);
  }
}
