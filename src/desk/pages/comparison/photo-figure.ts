import type { EntryRef } from '../../domain/entry-ref.ts';
import type { PhotoDifference } from '../../history/photo-diff.ts';
import { versionPhotoAddress } from '../shell/addresses.ts';
import { html, type Html } from '../shell/html.ts';
import { segmentsView } from './segments-view.ts';
import type { Side } from './sides.ts';

/**
 * Returns the photo of one version with its caption, and its other fields as far as they differ. Parts that differ from
 * the other version are marked if `isMarked` is true. Returns undefined if the version does not have the photo.
 */
export function photoFigure(
  name: EntryRef,
  { before, after, caption, facts }: PhotoDifference,
  which: 'before' | 'after',
  { commit, title, erased }: Side,
  isMarked: boolean,
): Html | undefined {
  const photo = which === 'before' ? before : after;
  if (!photo) return undefined;
  const { src, blob, alt } = photo;
  const gone = blob === undefined ? undefined : erased.get(blob);
  const address = commit === undefined || blob === undefined ? undefined : versionPhotoAddress(name, commit, src);
  const description = `${title}的照片${alt === '' ? '' : `：${alt}`}`;
  const picture =
    address !== undefined &&
    gone === undefined &&
    html` <img src="${address}" alt="${description}" loading="lazy" width="320" height="240" /> `;
  const missing = gone ?? (address === undefined ? '没有照片文件' : undefined);
  const marks = isMarked ? which : 'plain';
  const details = facts.map(
    ({ label, segments }) => html`
      <div>
        <dt>${label}</dt>
        <dd>${segmentsView(segments, marks)}</dd>
      </div>
    `,
  );
  return html`
    <figure class="version-photo">
      ${picture} ${missing !== undefined && html`<p class="quiet">${missing}</p>`}
      <figcaption>${segmentsView(caption, marks)}</figcaption>
    </figure>
    ${details.length > 0 && html`<dl class="photo-facts">${details}</dl>`}
  `;
}
