import type { CopyPlace, UnsavedCopy } from './unsaved-copy.ts';

/** Time from the first change to the copy in the browser, in milliseconds. */
export const BROWSER_DELAY = 1_500;
/** Time from the first change to the copy at the desk, in milliseconds. */
export const DESK_DELAY = 30_000;

/** Most ids of each kind that a save names: the desk reads no more. */
const MOST_NAMED = 100;

/** The open form, as far as its copies depend on it. */
export interface WatchedForm {
  /** Changes when another entry or another copy is shown in the form. */
  key: string;
  place: CopyPlace;
  /** Id of the version that the form started from; null for a new entry. */
  baseId: string | null;
  /** Whether the form has unsaved changes. */
  changed: boolean;
  /** The data in the form: another object after each change. */
  data: object;
}

/** The two stores of copies, with the functions that write to them. */
export interface KeeperDeps {
  browser: {
    put(login: string, place: CopyPlace, copy: UnsavedCopy): Promise<void>;
    drop(ids: readonly string[]): Promise<void>;
  };
  desk: {
    keep(login: string, place: CopyPlace, copy: UnsavedCopy, last: boolean): Promise<void>;
    drop(ids: readonly string[]): Promise<void>;
  };
  /** Returns the person who writes; empty if nobody is known. */
  login(): string;
  /** Returns text and key of a copy of the form. */
  write(form: WatchedForm): Pick<UnsavedCopy, 'text' | 'key'>;
  /** Returns the browser: its id and its name in words. */
  here(): Pick<UnsavedCopy, 'browser' | 'device'>;
  newId(): string;
  now(): Date;
  /** Runs a function after some milliseconds. Returns a function that prevents it. */
  later(milliseconds: number, run: () => void): () => void;
}

/** One of the two stores: what it has of the current text, and what is under way. */
interface Store {
  name: 'browser' | 'desk';
  /** Revision of the text that is stored or being stored; 0: none. */
  revision: number;
  /** Whether the last write failed. */
  failed: boolean;
  /** Prevents the next write; undefined if none is planned. */
  cancel: (() => void) | undefined;
  /** The writes and deletions that are under way, one after another. Never rejects. */
  queue: Promise<void>;
}

/** A form that has been opened, with the copy of its unsaved work. */
interface Kept {
  form: WatchedForm;
  login: string;
  id: string;
  revision: number;
  /** Ids of the copies that were taken into the form. They are deleted once the form's own copy is stored. */
  replaces: string[];
  browser: Store;
  desk: Store;
}

function newStore(name: Store['name']): Store {
  return { name, revision: 0, failed: false, cancel: undefined, queue: Promise.resolve() };
}

function stopTimer(store: Store): void {
  store.cancel?.();
  store.cancel = undefined;
}

/**
 * Keeps copies of the unsaved work in the open form: in the browser 1.5 s after a change, at the desk every 30 s while
 * something is unsaved, and in both when the page is hidden or the form is left. Deletes the copies when the work was
 * saved.
 */
export class CopyKeeper {
  readonly #deps: KeeperDeps;
  readonly #listeners = new Set<() => void>();
  #current: Kept | undefined;
  /** The form with the latest unsaved work. It stays after a crash has closed the form. */
  #last: WatchedForm | undefined;
  #offered: readonly string[] = [];

  constructor(deps: KeeperDeps) {
    this.#deps = deps;
  }

  /** Takes note of the form, after any change of it. `form` undefined: no form is open. */
  see(form: WatchedForm | undefined): void {
    const before = this.#current;
    if (before && before.form.key !== form?.key) {
      this.#flush(before, true);
      this.#current = undefined;
    }
    if (!form) return;
    const current = (this.#current ??= this.#begin(form));
    const { changed, data } = current.form;
    const isFirst = current.revision === 0;
    current.form = form;
    this.#last = form.changed ? form : undefined;
    if (!form.changed) {
      if (!isFirst) this.#end(current);
      return;
    }
    if (!isFirst && changed && data === form.data) return;
    current.revision += 1;
    this.#plan(current, current.browser, BROWSER_DELAY);
    this.#plan(current, current.desk, DESK_DELAY);
  }

  /** Writes what is not stored yet, because the page may be about to close. */
  flush(): void {
    if (this.#current) this.#flush(this.#current, true);
  }

  /**
   * Notes that copies were taken into the open form. They are deleted once the form's own copy is stored, which is
   * written at once.
   */
  replace(ids: readonly string[]): void {
    if (!this.#current) return;
    this.#current.replaces.push(...ids);
    this.#flush(this.#current, false);
  }

  /** Deletes copies that the editor does not want. Resolves when that was tried; never rejects. */
  async discard(ids: readonly string[]): Promise<void> {
    await Promise.allSettled([this.#deps.browser.drop(ids), this.#deps.desk.drop(ids)]);
  }

  /** Notes the copies that are offered to the editor, who has neither taken nor discarded them. */
  offer(ids: readonly string[]): void {
    this.#offered = ids;
  }

  /** Returns the ids of the copies that a save makes needless, and of those that the editor has not decided about. */
  copiesOfSave(): { done: string[]; undecided: string[] } {
    return { done: this.ownIds().slice(0, MOST_NAMED), undecided: this.#offered.slice(0, MOST_NAMED) };
  }

  /** Returns the ids of the copies whose text is in the open form. */
  ownIds(): string[] {
    return this.#current ? [this.#current.id, ...this.#current.replaces] : [];
  }

  /** Returns the form with the latest unsaved work, also after a crash has closed it; undefined if all is saved. */
  lastUnsaved(): WatchedForm | undefined {
    return this.#last;
  }

  /** Returns whether the unsaved work can be stored neither in the browser nor at the desk. */
  get isUnprotected(): boolean {
    return this.#current?.browser.failed === true && this.#current.desk.failed;
  }

  /** Calls `listener` when `isUnprotected` may have changed, or when work was saved. Returns a function to end this. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #begin(form: WatchedForm): Kept {
    const [login, id] = [this.#deps.login(), this.#deps.newId()];
    return { form, login, id, revision: 0, replaces: [], browser: newStore('browser'), desk: newStore('desk') };
  }

  #plan(current: Kept, store: Store, delay: number): void {
    store.cancel ??= this.#deps.later(delay, () => {
      store.cancel = undefined;
      this.#write(current, store, false);
    });
  }

  #flush(current: Kept, last: boolean): void {
    if (!current.form.changed) return;
    for (const store of [current.browser, current.desk]) {
      stopTimer(store);
      this.#write(current, store, last);
    }
  }

  /** Writes the current text into a store, unless the store has it. `last`: the page may be about to close. */
  #write(current: Kept, store: Store, last: boolean): void {
    const { login, id, revision, form } = current;
    if (login === '' || store.revision === revision) return;
    const { browser, desk, write, here, now } = this.#deps;
    const copy = { id, revision, baseId: form.baseId, ...here(), ...write(form), at: now().toISOString() };
    const before = store.revision;
    store.revision = revision;
    const run = async (): Promise<void> => {
      try {
        if (store.name === 'browser') await browser.put(login, form.place, copy);
        else await desk.keep(login, form.place, copy, last);
        this.#note(current, store, false);
        // The work may have been saved meanwhile: then the copies are gone already.
        if (current.id === id && current.replaces.length > 0) await this.#deps[store.name].drop(current.replaces);
      } catch {
        if (store.revision === revision) store.revision = before;
        this.#note(current, store, true);
        if (current === this.#current && current.id === id && form.changed) this.#plan(current, store, DESK_DELAY);
      }
    };
    // A page that is closed runs nothing after what it waits for: the last write starts at once.
    store.queue = last ? Promise.all([store.queue, run()]).then(() => undefined) : store.queue.then(run);
  }

  /** Deletes the copies of a form whose work was saved. What is written later belongs to another copy. */
  #end(current: Kept): void {
    const ids = [current.id, ...current.replaces];
    for (const store of [current.browser, current.desk]) {
      stopTimer(store);
      const isStored = store.revision > 0 || current.replaces.length > 0;
      store.revision = 0;
      store.failed = false;
      if (isStored) {
        store.queue = store.queue.then(async () => this.#deps[store.name].drop(ids)).catch(() => undefined);
      }
    }
    current.id = this.#deps.newId();
    current.revision = 0;
    current.replaces = [];
    this.#notify();
  }

  #note(current: Kept, store: Store, failed: boolean): void {
    if (store.failed === failed) return;
    store.failed = failed;
    if (current === this.#current) this.#notify();
  }

  #notify(): void {
    for (const listener of this.#listeners) listener();
  }
}
