// What was read from a Word document into the form that is open, until it has been checked.
import { GUESS_LABELS, type Guess, type GuessName } from '../../word/fields/guesses.ts';
import { formKey, wordCollections, type WordCollection } from '../../word/fields/form-keys.ts';
import { openForm, type OpenForm } from './form.ts';

/** A value that is to be checked, with the value that the document gave it. */
interface Mark extends Guess {
  /** Key of the field. */
  key: string;
  value: unknown;
}

/** Returns the collection of a form, if its entries are made of documents. */
export function wordCollectionOf(name: string): WordCollection | undefined {
  return wordCollections.find((one) => one === name);
}

/** Returns the key of the field that a guess is about. */
export function keyOfGuess(collection: WordCollection, name: GuessName): string {
  return name === 'photos' ? 'photos' : (formKey(collection, name) ?? name);
}

/**
 * The guesses in one entry that nobody has checked yet. A guess counts as checked if a person says so or changes the
 * field.
 */
export class ImportRecord {
  #marks: readonly Mark[];
  /** Guesses whose fields were changed since the entry was saved. */
  #edited: readonly Guess[] = [];
  /** The opening of the form, and the path of the entry's file once it is saved. */
  readonly #opening: string;
  path: string;
  /** Text of the comment on the draft that names the guesses. */
  readonly comment: string;
  /** The stored comment, and whether the person who is signed in has written it; undefined if there is none yet. */
  stored: { id: string; isOwn: boolean } | undefined;
  /** Whether lines of the body that were not understood are offered. */
  offersLines = true;
  /** Whether the values of the guesses are saved. Before that, no comment names them. */
  isSaved = false;

  constructor(form: OpenForm, guesses: readonly Guess[], comment: string) {
    const collection = wordCollectionOf(form.collection) ?? 'stories';
    this.#opening = form.opening;
    this.path = form.path;
    this.comment = comment;
    this.#marks = guesses.map((guess) => {
      const key = keyOfGuess(collection, guess.name);
      return { ...guess, key, value: form.data.get(key) };
    });
  }

  /** Returns whether the record is about the entry in a form. */
  isAbout(form: OpenForm): boolean {
    return this.path === '' ? form.path === '' && form.opening === this.#opening : form.path === this.path;
  }

  /** The guesses that are to be checked. */
  get guesses(): readonly Guess[] {
    return this.#marks;
  }

  /** The guesses that a comment has to name: a change that is not saved does not count. */
  get unsettled(): readonly Guess[] {
    return [...this.#marks, ...this.#edited];
  }

  /** Returns the guess about a field; undefined if there is none. */
  guessAbout(key: string): Guess | undefined {
    return this.#marks.find((mark) => mark.key === key);
  }

  confirm(name: GuessName): void {
    this.#marks = this.#marks.filter((mark) => mark.name !== name);
  }

  /** Counts changed fields as checked. Returns whether there were any. The words of photos are only checked by a press. */
  notice({ data }: OpenForm): boolean {
    const isChanged = ({ name, key, value }: Mark): boolean => (name === 'photos' ? false : data.get(key) !== value);
    const changed = this.#marks.filter(isChanged);
    if (changed.length === 0) return false;
    this.#marks = this.#marks.filter((mark) => !changed.includes(mark));
    this.#edited = [...this.#edited, ...changed];
    return true;
  }

  /** Counts the changes as saved. */
  settle(path: string): void {
    this.path = path;
    this.isSaved = true;
    this.#edited = [];
  }
}

let current: ImportRecord | undefined;
const listeners = new Set<() => void>();

/** Returns the record about the form that is open; undefined if nothing in it is to be checked. */
export function importRecord(): ImportRecord | undefined {
  const form = openForm();
  return form && current?.isAbout(form) ? current : undefined;
}

/** Replaces the record; `undefined` removes it. */
export function setImportRecord(record: ImportRecord | undefined): void {
  current = record;
  announce();
}

/** Calls a function after each change of the record. Returns a function that ends this. */
export function onImportRecord(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** Tells all listeners that the record has changed. */
export function announce(): void {
  for (const listener of listeners) listener();
}

/** Returns the names of guesses, in Chinese. */
export function namesOf(guesses: readonly Guess[]): string {
  return guesses.map(({ name }) => GUESS_LABELS[name]).join('、');
}
