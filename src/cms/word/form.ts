// The form that is open in Decap, read and filled from outside its controls.
// Import decap-cms-core first: it defines `global`, which the modules below need.
import 'decap-cms-core';
import { changeDraftField } from 'decap-cms-core/dist/esm/actions/entries.js';
import { store } from 'decap-cms-core/dist/esm/redux/index.js';
import { isMap, Map } from 'immutable';
import { z } from 'zod';
import { textIn, type DecapMap } from '../widgets/widget.ts';

const decapMap = z.custom<DecapMap>((value) => isMap(value));
const shape = z.looseObject({ entryDraft: decapMap, editorialWorkflow: decapMap });

/** The form that is open. */
export interface OpenForm {
  /** Differs for each opening of a form. */
  opening: string;
  collection: string;
  /** Path of the entry's file; empty if the entry was never saved. */
  path: string;
  /** Name of the entry in the desk's protocol; empty if the entry was never saved. */
  slug: string;
  data: DecapMap;
  /** State of the entry's draft, such as `pending_review`; empty if there is no draft. */
  status: string;
}

/** Returns the form that is open; undefined if there is none. */
export function openForm(): OpenForm | undefined {
  const state = shape.safeParse(store.getState());
  if (!state.success) return undefined;
  const { entryDraft, editorialWorkflow } = state.data;
  const entry = decapMap.safeParse(entryDraft.get('entry')).data;
  const data = decapMap.safeParse(entry?.get('data')).data;
  if (!entry || !data) return undefined;
  const [collection, slug] = [textIn(entry, 'collection'), textIn(entry, 'slug')];
  const isNew = entry.get('newRecord') === true;
  const draft = decapMap.safeParse(editorialWorkflow.getIn(['entities', `${collection}.${slug}`])).data;
  return {
    opening: textIn(entryDraft, 'key'),
    collection,
    path: isNew ? '' : textIn(entry, 'path'),
    slug: isNew ? '' : slug,
    data,
    status: textIn(draft, 'status'),
  };
}

/** Sets fields of the form that is open, as if they had been typed. `undefined` empties a field. */
export function setFields(values: ReadonlyMap<string, unknown>): void {
  for (const [name, value] of values) {
    // Without entries to compare with, Decap takes the form for changed.
    store.dispatch(changeDraftField({ field: Map({ name }), value, metadata: undefined, entries: [] }));
  }
}

/** Calls a function after each change of Decap's state. Returns a function that ends this. */
export function onFormChange(listener: () => void): () => void {
  return store.subscribe(listener);
}
