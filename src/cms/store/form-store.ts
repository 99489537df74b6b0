import { isMap, type Map } from 'immutable';
import { AS_OPENED, draftIn, OPENED, TAKE_BACK } from './opened-form.ts';

/** The part of Decap's Redux store that this editor uses. */
export interface FormStore {
  getState(): unknown;
  dispatch(action: { type: string; payload?: object }): unknown;
  /** Calls `listener` after every action. Returns a function that ends this. */
  subscribe(listener: () => void): () => void;
}

/** The form of an entry that is open, as Decap's store has it. */
export interface OpenForm {
  /** Changes when an entry is loaded into the form, and when its data are replaced. */
  key: string;
  collection: string;
  /** Decap's name of the entry; empty for a new entry. */
  slug: string;
  /** Path of the entry's file; empty for a new entry. */
  path: string;
  isNew: boolean;
  /** Whether the form has unsaved changes. */
  changed: boolean;
  data: Map<unknown, unknown>;
  /** The data with which the form was opened or last saved; undefined for a copy of another entry. */
  opened: unknown;
}

let connected: FormStore | undefined;

/** Sets the store that the functions of this module use. Called once, when the editor starts. */
export function connectForm(store: FormStore): void {
  connected = store;
}

/** Returns the form that is open; undefined if none is open or its entry is still being loaded. */
export function openForm(): OpenForm | undefined {
  const draft = draftIn(connected?.getState());
  const entry = draft?.get('entry');
  const key = draft?.get('key');
  if (!draft || !isMap(entry) || typeof key !== 'string' || key === '') return undefined;
  const data = entry.get('data');
  if (!isMap(data)) return undefined;
  return {
    key,
    collection: String(entry.get('collection') ?? ''),
    slug: String(entry.get('slug') ?? ''),
    path: String(entry.get('path') ?? ''),
    isNew: entry.get('newRecord') === true,
    changed: draft.get('hasChanged') === true,
    data,
    opened: draft.get(OPENED),
  };
}

/** Calls `listener` after every action of Decap's store. Returns a function that ends this. */
export function onFormChange(listener: () => void): () => void {
  return connected?.subscribe(listener) ?? (() => undefined);
}

/**
 * Runs a change of the form that nobody has typed, such as a value that a field fills in by itself or that the desk has
 * already stored. The form then has no unsaved changes if it had none before.
 */
export function asOpened(change: () => void): void {
  const unchanged = openForm()?.changed === false;
  change();
  if (unchanged) connected?.dispatch({ type: AS_OPENED });
}

/** Replaces the data in the open form, as unsaved changes. All fields are mounted again. `key`: a new key of the form. */
export function takeBack(data: object, key: string): void {
  connected?.dispatch({ type: TAKE_BACK, payload: { data, key } });
}
