import { DeskError, isUnanswered } from './desk-client.ts';
import { hideToast, showToast } from './toast.ts';

/** A save as it is sent to the desk. */
export interface SentSave {
  dataFiles: [{ path: string; slug: string; raw: string; baseId: string | null }];
  assets: [];
  options: { collectionName: string; status: string };
}

const UNANSWERED =
  '编辑台没有答复。写下的内容都还在这一页，请不要关闭或刷新；等网络好了，再点一次“保存”，重复点也只存一份。';
const NOTICE = `没有保存：${UNANSWERED}`;

/** An entry as Decap asks for it. */
interface Asked {
  id?: string;
  collection?: string;
  slug?: string;
}

/** Is the form of a new entry open? */
function isAtNew(collection: string): boolean {
  return location.hash.startsWith(`#/collections/${collection}/new`);
}

/**
 * Whether an entry that Decap asks for, about to save a new one, may be taken for not there: nobody has answered. What
 * is there after all, a save of something new does not overwrite.
 */
export function isUnansweredAtNew({ collection = '' }: Asked, error: unknown): boolean {
  return isUnanswered(error) && isAtNew(collection);
}

/**
 * Saves that the desk may or may not have done, because its answer was lost. Each is kept as it was sent: sent again it
 * is done, or is known again by the desk, and so its text is never taken for that of somebody else.
 */
export class UnansweredSaves {
  /** By the path of the file. */
  readonly #saves = new Map<string, SentSave>();

  /** The save of a file whose answer was lost; undefined: none. */
  of(path: string): SentSave | undefined {
    return this.#saves.get(path);
  }

  /** Hears that a save has failed; answers what is to be said of it. */
  keep(save: SentSave, error: unknown): unknown {
    const [{ path }] = save.dataFiles;
    // Nobody was signed in: the desk has not looked at it, and what was lost before is as lost as before.
    if (error instanceof DeskError && error.status === 401) return error;
    if (!isUnanswered(error)) {
      this.settle(path);
      return error;
    }
    this.#saves.set(path, save);
    showToast({ kind: 'error', text: NOTICE });
    return new DeskError(UNANSWERED, error.status);
  }

  /** What became of a file's save is known. */
  settle(path: string): void {
    this.#saves.delete(path);
    if (this.#saves.size === 0) hideToast(NOTICE);
  }

  /**
   * Whether Decap must not find an entry: it is still at the form of a new one, whose save was lost. Decap would look
   * for the entry before it saves it again, find the one that was saved after all, and file it under another name.
   */
  hides({ id, collection, slug }: Asked): boolean {
    const asked = id ?? `${collection}/${slug}`;
    return [...this.#saves.values()].some(({ dataFiles: [file], options: { collectionName } }) => {
      return file.baseId === null && isAtNew(collectionName) && asked === `${collectionName}/${file.slug}`;
    });
  }
}
