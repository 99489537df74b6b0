import { DeskError, isUnanswered } from './desk-client.ts';
import { hideToast, showToast } from './toast.ts';

/** A save as sent to the desk. */
export interface SentSave {
  dataFiles: [{ path: string; slug: string; raw: string; baseId: string | null }];
  assets: [];
  options: { collectionName: string; status: string };
}

const UNANSWERED =
  '编辑台没有答复。写下的内容都还在这一页，请不要关闭或刷新；等网络好了，再点一次“保存”，重复点也只存一份。';
const NOTICE = `没有保存：${UNANSWERED}`;

/** How Decap names the entry that it asks for. */
interface EntryParams {
  id?: string;
  collection?: string;
  slug?: string;
}

/** Returns whether the form of a new entry is open. */
function isNewEntryOpen(collection: string): boolean {
  return location.hash.startsWith(`#/collections/${collection}/new`);
}

/**
 * Returns whether a lookup before saving a new entry failed only because nobody responded. The entry may then be taken
 * as absent: saving a new entry never overwrites an existing one.
 */
export function isUnansweredForNewEntry({ collection = '' }: EntryParams, error: unknown): boolean {
  return isUnanswered(error) && isNewEntryOpen(collection);
}

/**
 * Saves that the desk may or may not have done, because its response was lost. Each is kept as it was sent, to be sent
 * again: the desk then does it, or recognises it, and never mistakes its text for another editor's.
 */
export class UnansweredSaves {
  /** By path of the file. */
  readonly #saves = new Map<string, SentSave>();

  /** Returns the save of a file whose response was lost; undefined if there is none. */
  get(path: string): SentSave | undefined {
    return this.#saves.get(path);
  }

  /** Handles a save that failed: keeps it if there was no response. Returns the error to show. */
  recordFailure(save: SentSave, error: unknown): unknown {
    const [{ path }] = save.dataFiles;
    // Nobody was signed in, so the desk ignored this attempt: an earlier save of the file is still unanswered.
    if (error instanceof DeskError && error.status === 401) return error;
    if (!isUnanswered(error)) {
      this.settle(path);
      return error;
    }
    this.#saves.set(path, save);
    showToast({ kind: 'error', text: NOTICE });
    return new DeskError(UNANSWERED, error.status);
  }

  /** Forgets the save of a file, because its result is known. */
  settle(path: string): void {
    this.#saves.delete(path);
    if (this.#saves.size === 0) hideToast(NOTICE);
  }

  /**
   * Returns whether an entry must be hidden from Decap: its form is still that of a new entry, and the response to its
   * save was lost. Decap looks for the entry before saving it again; if it found the saved one, it would choose another
   * name.
   */
  hides({ id, collection, slug }: EntryParams): boolean {
    const requested = id ?? `${collection}/${slug}`;
    return [...this.#saves.values()].some(({ dataFiles: [file], options: { collectionName } }) => {
      return file.baseId === null && isNewEntryOpen(collectionName) && requested === `${collectionName}/${file.slug}`;
    });
  }
}
