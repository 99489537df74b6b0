import { textHtml } from '../../../text/comparison/comparison.ts';
import type { EntryRef } from '../../domain/entry-ref.ts';
import type { Difference } from '../../history/version-diff.ts';
import { Html, html, type Content } from '../shell/html.ts';
import { photoFigure } from './photo-figure.ts';
import { segmentsView } from './segments-view.ts';
import type { Side } from './sides.ts';

function factRow({ label, ...difference }: Difference): Content {
  if (difference.kind !== 'fact') return undefined;
  return html`
    <tr>
      <th scope="row">${label}</th>
      <td>${segmentsView(difference.segments, 'plain')}</td>
    </tr>
  `;
}

function photosSection(name: EntryRef, side: Side, difference: Difference): Content {
  if (difference.kind !== 'photos') return undefined;
  const { label, photos } = difference;
  return html`
    <section>
      <h2>${label}</h2>
      <ul class="version-photos">
        ${photos.map((photo) => html`<li>${photoFigure(name, photo, 'after', side, false)}</li>`)}
      </ul>
    </section>
  `;
}

/**
 * Returns one version of an entry, without a comparison.
 * @param fields the comparison of the version with nothing.
 * @param body the version's Markdown; empty if its text cannot be parsed.
 */
export function versionView(name: EntryRef, fields: readonly Difference[], body: string, side: Side): Html {
  const source = fields.find(({ kind }) => kind === 'source');
  if (source?.kind === 'source')
    return html`<section>
      <h2>${source.label}</h2>
      <p>${segmentsView(source.segments, 'plain')}</p>
    </section>`;
  const label = fields.find(({ kind }) => kind === 'body')?.label;
  return html`
    <section>
      <h2>各栏目</h2>
      <table class="stacked compared-facts">
        <tbody>
          ${fields.map(factRow)}
        </tbody>
      </table>
    </section>
    ${fields.map((field) => photosSection(name, side, field))}
    ${
      label !== undefined &&
      html`<section>
        <h2>${label}</h2>
        <div class="prose">${new Html(textHtml(body))}</div>
      </section>`
    }
  `;
}
