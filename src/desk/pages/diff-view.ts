import type { EntryRef } from '../domain/entry-ref.ts';
import type { Difference, PhotoDifference, DiffSegment } from '../history/version-diff.ts';
import { html, type Content, type Html } from './shell/html.ts';
import { versionPhotoAddress } from './shell/addresses.ts';

/** One of the two versions of a comparison: its title, and the commit that contains its photos. */
export interface Side {
  title: string;
  /** The commit, or undefined if there was no such version. */
  commit: string | undefined;
}

/** The two versions of a comparison. */
export interface Sides {
  before: Side;
  after: Side;
}

const photoWords = { same: '没有变', gone: '拿掉了', new: '新加的', changed: '改过' } as const;

/** Makes the line ends of a text visible if the text is nothing but white space; returns any other text unchanged. */
function visible(text: string): string {
  return text.trim() === '' ? text.replaceAll('\n', '↵\n') : text;
}

/**
 * Returns a text with deletions struck out and insertions underlined. If `only` is given, returns the text of that
 * version alone, with the parts that differ from the other version marked.
 */
export function stretchesView(stretches: readonly DiffSegment[], only?: 'before' | 'after'): Html {
  const shown = stretches.filter(
    ({ is }) => is === 'same' || only === undefined || (is === 'gone') === (only === 'before'),
  );
  if (shown.length === 0) return html`<p class="compared quiet">（空）</p>`;
  const parts = shown.map(({ is, text }) => {
    if (is === 'same') return html`<span>${text}</span>`;
    return is === 'gone' ? html`<del>${visible(text)}</del>` : html`<ins>${visible(text)}</ins>`;
  });
  return html`<p class="compared">${parts}</p>`;
}

/** Returns a text without marks for insertions and deletions. */
export function plainView(stretches: readonly DiffSegment[]): Html {
  return html`<p class="compared">${stretches.map(({ text }) => text)}</p>`;
}

function photoView(name: EntryRef, { commit, title }: Side, src: string, blob: string | undefined): Html | undefined {
  if (commit === undefined || blob === undefined) return undefined;
  const address = versionPhotoAddress(name, commit, src);
  return html`
    <figure>
      <img src="${address}" alt="${title}的照片 ${src}" loading="lazy" width="320" height="240" />
      <figcaption class="quiet">${title}</figcaption>
    </figure>
  `;
}

/** Returns the photos of one version, with their captions and other fields. */
export function plainPhotosView(name: EntryRef, photos: readonly PhotoDifference[], side: Side): Html[] {
  return photos.map(
    ({ src, after, words }) => html`
      <div class="photo-difference">
        <div class="sides">${photoView(name, side, src, after)}</div>
        ${plainView(words)}
      </div>
    `,
  );
}

/** Returns the photos of two versions side by side, with the differences between their fields. */
export function photosView(name: EntryRef, photos: readonly PhotoDifference[], { before, after }: Sides): Content {
  if (photos.every(({ is }) => is === 'same')) return html`<p>照片没有变，次序变了。</p>`;
  return photos.map(
    ({ src, is, before: was, after: now, words }) => html`
      <div class="photo-difference">
        <p><span class="mark ${is}">${photoWords[is]}</span><span class="quiet"> ${src}</span></p>
        <div class="sides">
          ${is !== 'same' && is !== 'new' && photoView(name, before, src, was)}
          ${is !== 'gone' && photoView(name, after, src, now)}
        </div>
        ${is !== 'same' && stretchesView(words)}
      </div>
    `,
  );
}

/** Returns the differences between two versions, field by field. */
export function comparisonView(name: EntryRef, differences: readonly Difference[], sides: Sides): Html {
  if (differences.length === 0) return html`<p>两版没有不同。</p>`;
  const sections = differences.map(
    ({ label, stretches, photos }) => html`
      <section>
        <h2>${label}</h2>
        ${photos ? photosView(name, photos, sides) : stretchesView(stretches)}
      </section>
    `,
  );
  return html`
    <p class="quiet"><del>划掉的</del>是去掉的，<ins>下面画线的</ins>是加上的；没有变的栏目不列出。</p>
    ${sections}
  `;
}
