import { fromJS, isList, isMap, Map } from 'immutable';
import { z } from 'zod';

/** A Redux reducer, with the types that this editor needs. */
type Reducer = (state: unknown, action: unknown) => unknown;

/** Decap's state of the open form (`entryDraft`): the entry, whether it has changes, and what this reducer adds. */
type Draft = Map<unknown, unknown>;

/** Action: the data in the form count as the data with which it was opened. */
export const AS_OPENED = 'UNION_FORM_AS_OPENED';
/** Action: replaces the data in the form, as unsaved changes. `payload.data` are the new data as a plain object. */
export const TAKE_BACK = 'UNION_FORM_TAKE_BACK';

/** Key in Decap's state of the form: the data with which the form was opened or last saved. */
export const OPENED = 'opened';
/** Key in Decap's state of the form: the data of the save that is under way. */
const SENT = 'sent';

const typed = z.looseObject({ type: z.string() });
const withData = z.looseObject({ payload: z.looseObject({ data: z.looseObject({}), key: z.string() }) });
const withDraft = z.looseObject({ entryDraft: z.unknown() });

/** Returns Decap's state of the open form from the whole state; undefined if there is none. */
export function draftIn(state: unknown): Draft | undefined {
  const draft = withDraft.safeParse(state).data?.entryDraft;
  return isMap(draft) ? Map(draft) : undefined;
}

/**
 * Returns a value without its empty parts and without keys that begin with `_`, with sorted keys. Undefined if nothing
 * is left. Two entries with equal results are equal in their files.
 */
function canonical(value: unknown): unknown {
  if (value === null || value === undefined || value === '') return undefined;
  if (Array.isArray(value)) {
    const items = value.map(canonical).filter((item) => item !== undefined);
    return items.length > 0 ? items : undefined;
  }
  if (typeof value !== 'object') return value;
  const entries = Object.entries(value)
    .filter(([key]) => !key.startsWith('_'))
    .map(([key, part]) => [key, canonical(part)] as const)
    .filter(([, part]) => part !== undefined)
    .sort(([left], [right]) => (left < right ? -1 : 1));
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}

/** Returns data as plain objects and lists. */
export function plain(data: unknown): unknown {
  return isMap(data) || isList(data) ? data.toJS() : data;
}

/** Contents of immutable data: they are compared at every key that is pressed. */
const contents = new WeakMap<object, string>();

/** Returns the content of an entry's data as a string, for comparisons. Fields that are empty do not count. */
export function contentOf(data: unknown): string {
  const known = isMap(data) ? contents.get(data) : undefined;
  if (known !== undefined) return known;
  const content = JSON.stringify(canonical(plain(data)) ?? null);
  if (isMap(data)) contents.set(data, content);
  return content;
}

function dataOf(draft: Draft): unknown {
  return draft.getIn(['entry', 'data']);
}

/** Returns the form with the mark whether its data differ from those it was opened with. */
function compared(draft: Draft): Draft {
  if (!draft.has(OPENED)) return draft;
  return draft.set('hasChanged', contentOf(dataOf(draft)) !== contentOf(draft.get(OPENED)));
}

/**
 * Returns the form after an entry was loaded into it. Decap loads an entry again after its first save and after its
 * publication: what was written in the meantime stays in the form.
 */
function loaded(draft: Draft, before: Draft | undefined): Draft {
  const opened = draft.set(OPENED, dataOf(draft));
  const isSame = ['collection', 'slug'].every(
    (name) => before?.getIn(['entry', name]) === draft.getIn(['entry', name]),
  );
  if (!before || !isSame || before.get('hasChanged') !== true) return opened;
  // With the same key, React keeps the fields with their focus.
  return compared(opened.setIn(['entry', 'data'], dataOf(before)).set('key', before.get('key')));
}

function saved(draft: Draft): Draft {
  return compared(draft.set(OPENED, draft.get(SENT) ?? dataOf(draft)).delete(SENT));
}

function takenBack(draft: Draft, action: unknown): Draft {
  const { data, key } = withData.parse(action).payload;
  const entered = draft.setIn(['entry', 'data'], fromJS(data)).set('fieldsErrors', Map());
  // Another key makes React mount all fields again, so that none shows what it remembers of the earlier value.
  return compared(entered.set('key', key).set('hasChanged', true));
}

function after(draft: Draft, before: Draft | undefined, type: string, action: unknown): Draft {
  switch (type) {
    case 'DRAFT_CREATE_FROM_ENTRY':
      return loaded(draft, before);
    case 'DRAFT_CREATE_EMPTY':
      return draft.set(OPENED, dataOf(draft));
    case 'DRAFT_CREATE_DUPLICATE_FROM_ENTRY':
      // A copy of another entry is new in every part.
      return draft.delete(OPENED);
    case 'DRAFT_CHANGE_FIELD':
      return compared(draft);
    case 'ENTRY_PERSIST_REQUEST':
    case 'UNPUBLISHED_ENTRY_PERSIST_REQUEST':
      return draft.set(SENT, dataOf(draft));
    case 'ENTRY_PERSIST_FAILURE':
    case 'UNPUBLISHED_ENTRY_PERSIST_FAILURE':
      return draft.delete(SENT);
    case 'ENTRY_PERSIST_SUCCESS':
    case 'UNPUBLISHED_ENTRY_PERSIST_SUCCESS':
      return saved(draft);
    case 'UNPUBLISHED_ENTRY_DELETE_SUCCESS':
      // The editor has confirmed that unsaved changes go with the draft.
      return draft.set('hasChanged', false);
    case AS_OPENED:
      return compared(draft.set(OPENED, dataOf(draft)));
    case TAKE_BACK:
      return takenBack(draft, action);
    default:
      return draft;
  }
}

/**
 * Returns a reducer that works like Decap's reducer, with three differences. A form has unsaved changes exactly if its
 * file would differ from the one that it was opened with: Decap counts a new form as changed before anything was typed,
 * and a draft as unchanged if it equals the published version. What is typed while a save is under way, or while
 * the entry is loaded again after it, stays and counts as unsaved. And the actions AS_OPENED and
 * TAKE_BACK exist.
 */
export function trackOpened(reduce: Reducer): Reducer {
  return (state, action) => {
    const { type } = typed.parse(action);
    const next = reduce(state, action);
    const draft = draftIn(next);
    if (!draft) return next;
    const changed = after(draft, draftIn(state), type, action);
    return changed === draft ? next : { ...withDraft.parse(next), entryDraft: changed };
  };
}
