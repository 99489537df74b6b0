import type { FilterName } from '../query/search-params.ts';
import { chineseDate } from '../../text/date.ts';
import { breaksOf, clausesOf } from '../../text/title-breaks.ts';
import { excerptOf, piecesOf, type Piece } from '../query/excerpt.ts';
import type { IndexedPage } from '../query/hits.ts';
import type { ResultPhoto } from '../shared/result-url.ts';

/**
 * Width of the photo of a result, for its `sizes` attribute. The style sheet sets clamp(5.5rem, 20vw, 9.5rem), and on
 * the page 1 rem is 17 px. In `sizes` 1 rem is 16 px, so the numbers here are greater.
 */
const PHOTO_WIDTH = 'clamp(5.84375rem, 20vw, 10.09375rem)';

function element(tag: string, className: string, ...children: (Node | string)[]): HTMLElement {
  const made = document.createElement(tag);
  if (className !== '') made.className = className;
  made.append(...children);
  return made;
}

function nodes(pieces: readonly Piece[]): (Node | string)[] {
  return pieces.map(({ text, marked }) => (marked ? element('mark', '', text) : text));
}

/**
 * Returns the nodes of a title, with the phrases of the query marked. Line breaks are possible at the same places as in
 * other titles (Clauses.astro).
 */
function titleNodes(title: string, phrases: readonly string[]): (Node | string)[] {
  let before = '';
  return piecesOf(title, phrases).flatMap(({ text, marked }) => {
    const written = clausesOf(text).flatMap((clause) => {
      const apart = clausesOf(before + clause).length > 1 ? [document.createElement('wbr'), clause] : [clause];
      before = clause;
      return apart;
    });
    return marked ? element('mark', '', ...written) : written;
  });
}

/**
 * Returns the photo of a result with the same HTML as from Photo.astro, which cannot be used because results are made
 * in the browser. `early` is true for the first photo of the page.
 */
function photoOf({ src, srcset }: ResultPhoto, early: boolean): HTMLPictureElement {
  const picture = document.createElement('picture');
  if (srcset !== '') {
    const source = document.createElement('source');
    source.type = 'image/avif';
    source.sizes = PHOTO_WIDTH;
    source.srcset = srcset;
    picture.append(source);
  }
  const photo = document.createElement('img');
  photo.alt = '';
  photo.width = 150;
  photo.height = 100;
  photo.loading = early ? 'eager' : 'lazy';
  if (early) photo.setAttribute('fetchpriority', 'high');
  photo.decoding = 'async';
  // The image is appended before its `src` is set. Otherwise browsers would load the fallback too.
  picture.append(photo);
  photo.src = src;
  return picture;
}

/** The display names of the values of filters. */
export interface FilterNames {
  nameOf(filter: FilterName, value: string): string | undefined;
}

/** Returns the facts of a page for display: kind, date, unit and activities. */
function factsOf({ date, filters }: IndexedPage, names: FilterNames): string {
  const named = (filter: FilterName): (string | undefined)[] =>
    (filters[filter] ?? []).map((value) => names.nameOf(filter, value));
  // The date of a summary is left out: a summary is about a year, which its title names.
  const dated = !filters['kind']?.includes('summary');
  const facts = [...named('kind'), dated ? chineseDate(date) : undefined, ...named('unit'), ...named('activity')];
  return facts.filter((fact) => fact !== undefined).join('　');
}

/**
 * Returns the list item of one result. Its title is its only link. `phrases` are marked; `early` is true if its photo
 * is the first of the page.
 */
export function resultItem(
  page: IndexedPage,
  phrases: readonly string[],
  names: FilterNames,
  early: boolean,
): HTMLLIElement {
  const { url, title, content, photo } = page;
  const item = document.createElement('li');
  const link = document.createElement('a');
  link.href = url;
  link.append(...titleNodes(title, phrases));
  const facts = factsOf(page, names);
  item.append(
    element(
      'div',
      '',
      element('h2', breaksOf(title) ?? '', link),
      element('p', 'excerpt', ...nodes(excerptOf(content, title, phrases))),
      ...(facts === '' ? [] : [element('p', 'meta', facts)]),
    ),
  );
  if (photo) item.append(photoOf(photo, early));
  return item;
}
