import type { CopiesOfSave } from './copies-of-save.ts';
import { DeskError, isUnanswered } from './desk-client.ts';
import { hideToast, showToast } from './toast.ts';

/**
 * The parameters of a save as sent to the desk. `baseId`: id of the version that the text started from; null for a new
 * entry.
 */
export interface SentSave {
  dataFiles: [{ path: string; slug: string; raw: string; baseId: string | null }];
  assets: [];
  options: { collectionName: string; status: string };
  copies: CopiesOfSave;
}

const UNANSWERED =
  '编辑台没有答复。写下的内容都还在这一页，请不要关闭或刷新；等网络好了，再点一次“保存”，重复点也只存一份。';
const NOTICE = `没有保存：${UNANSWERED}`;

/** The entry that Decap asks for: either `id` (collection/slug), or `collection` and `slug`. */
interface EntryParams {
  id?: string;
  collection?: string;
  slug?: string;
}

/** Returns whether the form of a new entry of a collection is open, as shown by Decap's URL. */
function isNewEntryOpen(collection: string): boolean {
  return location.hash.startsWith(`#/collections/${collection}/new`);
}

/**
 * Returns whether Decap looked for an entry and got no response while the form of a new entry is open. The caller may
 * then treat the entry as absent: saving a new entry never overwrites an existing one.
 */
export function isUnansweredForNewEntry({ collection = '' }: EntryParams, error: unknown): boolean {
  return isUnanswered(error) && isNewEntryOpen(collection);
}

/**
 * Saves whose responses were lost, so that the desk may or may not have stored them. Each save is kept unchanged and is
 * sent again with the next save. The desk then stores the save, or recognises that it has stored it already. The desk
 * never mistakes the text for another editor's text.
 */
export class UnansweredSaves {
  /** Saves without a response, by path of the file. */
  readonly #saves = new Map<string, SentSave>();

  /** Returns the save of a file whose response was lost; undefined if there is none. */
  get(path: string): SentSave | undefined {
    return this.#saves.get(path);
  }

  /**
   * Handles a save that failed. If there was no response, keeps the save and shows a toast. If nobody was signed in,
   * changes nothing. If the desk refused it for another reason, removes it from the saves without a response.
   * @returns the error to show.
   */
  recordFailure(save: SentSave, error: unknown): unknown {
    const [{ path }] = save.dataFiles;
    // The desk ignored this attempt, because nobody was signed in: an earlier save of the file may still be unanswered.
    if (error instanceof DeskError && error.status === 401) return error;
    if (!isUnanswered(error)) {
      this.settle(path);
      return error;
    }
    this.#saves.set(path, save);
    showToast({ kind: 'error', text: NOTICE });
    return new DeskError(UNANSWERED, error.status);
  }

  /**
   * Removes a file's save from the saves without a response, because its result is known. Hides the toast if no other
   * save is left.
   */
  settle(path: string): void {
    this.#saves.delete(path);
    if (this.#saves.size === 0) hideToast(NOTICE);
  }

  /**
   * Returns whether an entry must be hidden from Decap. It must if it was sent as a new entry, the response was lost,
   * and the form of a new entry is still open. Decap looks for the entry before it saves again. If Decap then found the
   * entry that the desk has stored, it would choose another slug.
   */
  hides({ id, collection, slug }: EntryParams): boolean {
    const requested = id ?? `${collection}/${slug}`;
    return [...this.#saves.values()].some(({ dataFiles: [file], options: { collectionName } }) => {
      return file.baseId === null && isNewEntryOpen(collectionName) && requested === `${collectionName}/${file.slug}`;
    });
  }
}
