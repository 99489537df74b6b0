import { draftOf } from '../../library/content/draft.ts';
import { draftJobs } from '../drafts/draft-job-file.ts';
import type { DraftPhotos } from '../photos/draft-photos.ts';
import { requireShort } from '../editing/save-draft.ts';
import type { EntryRef } from '../domain/entry-ref.ts';
import type { Editor } from '../domain/editor.ts';
import type { Permissions } from '../authorisation/permissions.ts';
import type { SiteUpdates } from './site-updates.ts';
import { Refusal } from '../domain/refusal.ts';
import type { TextThreads } from '../texts/text-room.ts';

/** The pages of drafts, as readers would get them. What a text says is found out beside the readers' thread. */
export class Previews {
  readonly #texts: TextThreads;
  readonly #photos: DraftPhotos;
  readonly #publication: SiteUpdates;
  readonly #policy: Permissions;
  readonly #today: () => string;

  /** `today` answers the date in China, YYYY-MM-DD. */
  constructor(
    texts: TextThreads,
    photos: DraftPhotos,
    publication: SiteUpdates,
    policy: Permissions,
    today: () => string,
  ) {
    this.#texts = texts;
    this.#photos = photos;
    this.#publication = publication;
    this.#policy = policy;
    this.#today = today;
  }

  /**
   * The page of a text that somebody has sent; undefined: the entry has no page. Throws a Refusal where the text may not
   * be saved either, where it takes too long, and where this person has sent a newer text of the entry meanwhile.
   */
  async ofSent(name: EntryRef, raw: string, editor: Editor): Promise<string | undefined> {
    requireShort(raw, '预览');
    return this.#texts.take(editor.login, async () => this.#page(name, raw, editor, true), { newest: name.file });
  }

  /** The page of a version that is stored; undefined: the entry has no page. Throws a Refusal, too. */
  async ofStored(name: EntryRef, text: string, editor: Editor): Promise<string | undefined> {
    return this.#texts.take(editor.login, async () => this.#page(name, text, editor, false));
  }

  async #page(name: EntryRef, raw: string, editor: Editor, sent: boolean): Promise<string | undefined> {
    const { file } = name;
    const spoken = await this.#texts.work(draftJobs, 'draft', { file, raw, today: this.#today(), sent });
    if (spoken === undefined) return undefined;
    if ('what' in spoken) throw new Refusal(422, `没有预览：${spoken.what}。${spoken.remedy}`);
    if (sent) await this.#policy.requireSaving(editor, name, spoken.unit);
    const draft = await draftOf(spoken, async (src) => this.#photos.fileOf(name, src, editor));
    return draft && this.#publication.preview(draft);
  }
}
