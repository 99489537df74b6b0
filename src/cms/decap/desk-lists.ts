import type { Deletion } from '../backend/last-deletion.ts';

// The desk's pages of lists, as src/desk/pages/lists/ serves them.
const LISTS = '/desk/entries/';
const BOARD = '/desk/board/';
const START = '/desk/';
/** Base for parsing URLs of which only path and query count. */
const ANY_ORIGIN = 'http://desk.invalid';

/** Route of the form with the site's settings. This collection is a single file, so it has a form and no list. */
export const SETTINGS = '/collections/site/entries/site';

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Returns the path of the list of a collection; without a collection that of the first list. */
function listOf(collection = '', words = ''): string {
  const folder = collection === '' ? '' : `${encodeURIComponent(decoded(collection))}/`;
  const query = words === '' ? '' : `?${new URLSearchParams({ q: decoded(words) }).toString()}`;
  return LISTS + folder + query;
}

/**
 * Returns the page of the desk that replaces a view of Decap: a list, a search or the board. Returns undefined for the
 * form of an entry, which Decap shows.
 * @param route the route after `#`, for example `/collections/stories`.
 */
export function deskPageOf(route: string): string | undefined {
  const [, first = '', collection = '', view = '', ...rest] = route.split('/');
  const last = rest.join('/');
  if (first === 'workflow') return BOARD;
  if (first === 'search') return listOf('', [collection, view, ...rest].filter(Boolean).join('/'));
  // Decap redirects from this route to the form.
  if (first === 'edit' && view !== '') return undefined;
  if (first !== 'collections') return LISTS;
  if (view === 'new' || (view === 'entries' && last !== '')) return undefined;
  return listOf(collection, view === 'search' ? last : '');
}

/**
 * Returns the page of the desk from which the editor was opened, with its query: a list, the board or the start page.
 * Returns undefined if it was opened from elsewhere.
 * @param referrer URL of the page before the editor (`document.referrer`).
 * @param origin the origin of the editor.
 */
export function deskPageBefore(referrer: string, origin: string): string | undefined {
  if (!URL.canParse(referrer)) return undefined;
  const { origin: from, pathname, search } = new URL(referrer);
  const isList = pathname === START || pathname === BOARD || pathname.startsWith(LISTS);
  return from === origin && isList ? withDeletion(pathname + search, undefined) : undefined;
}

/** Returns the path of a list with another message about a deletion; undefined: without a message. */
function withDeletion(address: string, deletion: Deletion | undefined): string {
  const { pathname, searchParams } = new URL(address, ANY_ORIGIN);
  searchParams.delete('done');
  if (deletion !== undefined) searchParams.set('done', deletion);
  return searchParams.size > 0 ? `${pathname}?${searchParams.toString()}` : pathname;
}

/**
 * Returns the page of the desk to which one goes from a form: by Decap's link back, or after a deletion. Decap then
 * opens the list of the collection. Returns undefined if `route` is the form of an entry.
 * @param before the page of the desk from which the editor was opened.
 * @param deletion what has just been deleted.
 */
export function deskPageAfter(
  route: string,
  before: string | undefined,
  deletion: Deletion | undefined,
): string | undefined {
  const page = deskPageOf(route);
  if (page === undefined || !/^\/collections\/[^/]+\/?$/u.test(route)) return page;
  // The settings have no list: their page on the desk is their form, which one has just left.
  const own = page === listOf('site') ? START : page;
  if (deletion === undefined) return before ?? own;
  return withDeletion(before?.startsWith(page) === true ? before : own, deletion);
}
