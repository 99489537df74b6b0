import type { EntryRef } from '../domain/entry-ref.ts';
import type { Difference, PhotoDifference, DiffSegment } from '../history/version-diff.ts';
import { h, type ReactNode } from './page-shell.ts';
import { versionPhotoAddress } from './links.ts';

/** One of two versions that are compared: its title, and the commit of its photos. */
export interface Side {
  title: string;
  /** Undefined if there was no version. */
  commit: string | undefined;
}

/** The two versions of a comparison. */
export interface Sides {
  before: Side;
  after: Side;
}

const photoWords = { same: '没有变', gone: '拿掉了', new: '新加的', changed: '改过' } as const;

/** Returns a text in which line ends can be seen, if it is nothing but white space. */
function visible(text: string): string {
  return text.trim() === '' ? text.replaceAll('\n', '↵\n') : text;
}

/** A text with deletions struck out and insertions underlined; `only`: the text of one side. */
export function stretchesView(stretches: readonly DiffSegment[], only?: 'before' | 'after'): ReactNode {
  const shown = stretches.filter(
    ({ is }) => is === 'same' || only === undefined || (is === 'gone') === (only === 'before'),
  );
  if (shown.length === 0) return h('p', { className: 'compared quiet' }, '（空）');
  return h(
    'p',
    { className: 'compared' },
    shown.map(({ is, text }, number) =>
      is === 'same'
        ? h('span', { key: number }, text)
        : h(is === 'gone' ? 'del' : 'ins', { key: number }, visible(text)),
    ),
  );
}

/** A text without marks. */
export function plainView(stretches: readonly DiffSegment[]): ReactNode {
  return h('p', { className: 'compared' }, stretches.map(({ text }) => text).join(''));
}

function photoView(name: EntryRef, { commit, title }: Side, src: string, blob: string | undefined): ReactNode {
  if (commit === undefined || blob === undefined) return null;
  const address = versionPhotoAddress(name, commit, src);
  return h(
    'figure',
    null,
    h('img', { src: address, alt: `${title}的照片 ${src}`, loading: 'lazy', width: 320, height: 240 }),
    h('figcaption', { className: 'quiet' }, title),
  );
}

/** The photos of one version, with their captions and other fields. */
export function plainPhotosView(name: EntryRef, photos: readonly PhotoDifference[], side: Side): ReactNode {
  return photos.map(({ src, after, words }) =>
    h(
      'div',
      { key: src, className: 'photo-difference' },
      h('div', { className: 'sides' }, photoView(name, side, src, after)),
      plainView(words),
    ),
  );
}

/** The photos of two versions side by side, with the differences of their fields. */
export function photosView(name: EntryRef, photos: readonly PhotoDifference[], { before, after }: Sides): ReactNode {
  if (photos.every(({ is }) => is === 'same')) return h('p', null, '照片没有变，次序变了。');
  return photos.map(({ src, is, before: was, after: now, words }) =>
    h(
      'div',
      { key: src, className: 'photo-difference' },
      h(
        'p',
        null,
        h('span', { className: `mark ${is}` }, photoWords[is]),
        h('span', { className: 'quiet' }, ` ${src}`),
      ),
      is === 'same'
        ? h('div', { className: 'sides' }, photoView(name, after, src, now))
        : h(
            'div',
            { className: 'sides' },
            is === 'new' ? null : photoView(name, before, src, was),
            is === 'gone' ? null : photoView(name, after, src, now),
          ),
      is === 'same' ? null : stretchesView(words),
    ),
  );
}

/** The differences of two versions, field by field. */
export function comparisonView(name: EntryRef, differences: readonly Difference[], sides: Sides): ReactNode {
  if (differences.length === 0) return h('p', null, '两版没有不同。');
  return h(
    'div',
    null,
    h(
      'p',
      { className: 'quiet' },
      h('del', null, '划掉的'),
      '是去掉的，',
      h('ins', null, '下面画线的'),
      '是加上的；没有变的栏目不列出。',
    ),
    differences.map(({ key, label, stretches, photos }) =>
      h('section', { key }, h('h2', null, label), photos ? photosView(name, photos, sides) : stretchesView(stretches)),
    ),
  );
}
