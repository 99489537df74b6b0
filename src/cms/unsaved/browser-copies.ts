import { z } from 'zod';
import { KEEP_COPIES, unsavedCopy, type CopyPlace, type UnsavedCopy } from './unsaved-copy.ts';

const DATABASE = 'union-unsaved';
const COPIES = 'copies';
const BY_LOGIN = 'login';

const storedCopy = unsavedCopy.extend({ login: z.string(), collection: z.string(), slug: z.string() });

async function resultOf<Result>(request: IDBRequest<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('The request failed.'));
  });
}

async function openDatabase(): Promise<IDBDatabase> {
  const request = indexedDB.open(DATABASE, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore(COPIES, { keyPath: 'id' }).createIndex(BY_LOGIN, 'login');
  };
  return resultOf(request);
}

/** Copies of unsaved work in this browser (IndexedDB), by person and entry. Several people may share a browser. */
export class BrowserCopies {
  #opening: Promise<IDBDatabase> | undefined;

  /**
   * Stores a person's copy; it replaces the copy with the same id.
   * @throws if the browser stores nothing (a private window) or has no room.
   */
  async put(login: string, { collection, slug = '' }: CopyPlace, copy: UnsavedCopy): Promise<void> {
    await this.#write((copies) => copies.put({ ...copy, login, collection, slug }));
  }

  /** Deletes some copies. Ids without a copy are ignored. @throws if the browser stores nothing. */
  async drop(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    await this.#write((copies) => ids.forEach((id) => copies.delete(id)));
  }

  /**
   * Resolves to a person's copies of an entry, or of the new entries of a collection. Deletes the person's copies that
   * are older than 30 days. @throws if the browser stores nothing.
   */
  async of(login: string, { collection, slug = '' }: CopyPlace, now: Date): Promise<UnsavedCopy[]> {
    const database = await this.#open();
    const index = database.transaction(COPIES).objectStore(COPIES).index(BY_LOGIN);
    const found = z.array(storedCopy).parse(await resultOf(index.getAll(login)));
    const isOld = ({ at }: UnsavedCopy): boolean => now.getTime() - Date.parse(at) > KEEP_COPIES;
    await this.drop(found.filter(isOld).map(({ id }) => id));
    return found
      .filter((copy) => !isOld(copy) && copy.collection === collection && copy.slug === slug)
      .map((copy) => unsavedCopy.parse(copy));
  }

  async #write(change: (copies: IDBObjectStore) => void): Promise<void> {
    const database = await this.#open();
    const transaction = database.transaction(COPIES, 'readwrite');
    const done = new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      // A full disk shows only here, not at the request.
      transaction.onabort = () => reject(transaction.error ?? new Error('The transaction was aborted.'));
    });
    change(transaction.objectStore(COPIES));
    await done;
  }

  async #open(): Promise<IDBDatabase> {
    const forget = (): void => {
      this.#opening = undefined;
    };
    this.#opening ??= openDatabase().catch((error: unknown) => {
      forget();
      throw error;
    });
    const database = await this.#opening;
    database.onclose = forget;
    // Otherwise a later version of the editor in another tab could not open the database.
    database.onversionchange = () => {
      database.close();
      forget();
    };
    return database;
  }
}
