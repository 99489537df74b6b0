// When a form has unsaved changes: exactly if its file would differ from the one with which it was opened.
import { fromJS, isMap, Map } from 'immutable';
import { expect, test } from 'vitest';
import { AS_OPENED, draftIn, TAKE_BACK, trackOpened } from '../../../src/cms/store/opened-form.ts';

interface Action {
  type: string;
  data?: object;
  payload?: object;
}

/** Does with the form what Decap's reducer does, as far as it matters here. */
function decapsReducer(state: unknown, action: unknown): unknown {
  const { type, data }: Action = Object(action);
  const draft = draftIn(state) ?? Map<unknown, unknown>();
  const changed = (): Map<unknown, unknown> => {
    switch (type) {
      case 'DRAFT_CREATE_FROM_ENTRY':
        return draft
          .set('entry', fromJS({ data, slug: 'jiefang/1/index' }))
          .set('hasChanged', false)
          .set('key', 'loaded');
      case 'DRAFT_CREATE_EMPTY':
        return draft
          .set('entry', fromJS({ data, slug: '', newRecord: true }))
          .set('hasChanged', false)
          .set('key', 'new');
      case 'DRAFT_CREATE_DUPLICATE_FROM_ENTRY':
        return draft.set('entry', fromJS({ data, slug: '' })).set('hasChanged', true);
      case 'DRAFT_CHANGE_FIELD':
        return draft.mergeIn(['entry', 'data'], fromJS(data)).set('hasChanged', true);
      case 'UNPUBLISHED_ENTRY_PERSIST_SUCCESS':
        return draft.set('hasChanged', false);
      default:
        return draft;
    }
  };
  return { other: 'kept', entryDraft: changed() };
}

const reduce = trackOpened(decapsReducer);

/** Returns whether the form has unsaved changes after some actions, its title and its key. */
function after(...actions: readonly Action[]): { changed: unknown; title: unknown; key: unknown } {
  const state = actions.reduce<unknown>(reduce, { other: 'kept', entryDraft: Map() });
  expect(state).toMatchObject({ other: 'kept' });
  const draft = draftIn(state);
  return { changed: draft?.get('hasChanged'), title: draft?.getIn(['entry', 'data', 'title']), key: draft?.get('key') };
}

const blank: Action = { type: 'DRAFT_CREATE_EMPTY', data: { title: '', photos: [] } };
const loaded: Action = { type: 'DRAFT_CREATE_FROM_ENTRY', data: { title: '甲', _unit: '解放区', volunteers: 3 } };
const change = (data: object): Action => ({ type: 'DRAFT_CHANGE_FIELD', data });
const sending: Action = { type: 'UNPUBLISHED_ENTRY_PERSIST_REQUEST' };
const failed: Action = { type: 'UNPUBLISHED_ENTRY_PERSIST_FAILURE' };
const saved: Action = { type: 'UNPUBLISHED_ENTRY_PERSIST_SUCCESS' };
const asOpened: Action = { type: AS_OPENED };

const CASES: readonly (readonly [string, boolean, readonly Action[]])[] = [
  ['a blank form', false, [blank]],
  ['a blank form that has got an id', false, [blank, change({ id: '1' }), asOpened]],
  ['a blank form in which something was typed', true, [blank, change({ id: '1' }), asOpened, change({ title: '甲' })]],
  ['a blank form in which all was deleted again', false, [blank, change({ title: '甲' }), change({ title: '' })]],
  ['a blank form with an empty photo list', false, [blank, change({ photos: undefined, place: '' })]],
  ['a form that was opened', false, [loaded]],
  ['a field that only lists show', false, [loaded, change({ _unit: '温县' })]],
  ['a changed title', true, [loaded, change({ title: '乙' })]],
  ['a number that became a text', true, [loaded, change({ volunteers: '3' })]],
  ['a title that is as before again', false, [loaded, change({ title: '乙' }), change({ title: '甲' })]],
  ['a copy of another entry', true, [loaded, { type: 'DRAFT_CREATE_DUPLICATE_FROM_ENTRY', data: { title: '甲' } }]],
  ['a saved form', false, [loaded, change({ title: '乙' }), sending, saved]],
  ['a form whose save failed', true, [loaded, change({ title: '乙' }), sending, failed]],
  ['what was typed during a save', true, [loaded, change({ title: '乙' }), sending, change({ title: '丙' }), saved]],
  [
    'a form after its draft was deleted',
    false,
    [loaded, change({ title: '乙' }), { type: 'UNPUBLISHED_ENTRY_DELETE_SUCCESS' }],
  ],
];

test.each(CASES)('%s counts as unsaved: %s', (_case, changed, actions) => {
  expect(after(...actions).changed).toBe(changed);
});

test('What was typed during a save stays when Decap loads the entry again, and the fields keep their focus', () => {
  const again: Action = { type: 'DRAFT_CREATE_FROM_ENTRY', data: { title: '乙', volunteers: 3 } };
  expect(after(loaded, change({ title: '乙' }), sending, change({ title: '丙' }), saved, again)).toEqual({
    changed: true,
    title: '丙',
    key: 'loaded',
  });
  expect(after(loaded, change({ title: '乙' }), sending, saved, again)).toMatchObject({ changed: false, title: '乙' });
});

test('Data that are taken back are unsaved, in a form with another key', () => {
  const take = { type: TAKE_BACK, payload: { data: { title: '取回的', photos: [{ src: 'a.jpg' }] }, key: 'another' } };
  expect(after(loaded, take)).toEqual({ changed: true, title: '取回的', key: 'another' });
  const state = [loaded, take].reduce<unknown>(reduce, { entryDraft: Map() });
  expect(isMap(draftIn(state)?.getIn(['entry', 'data', 'photos', 0]))).toBe(true);
});
