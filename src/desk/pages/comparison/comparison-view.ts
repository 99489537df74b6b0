import type { EntryRef } from '../../domain/entry-ref.ts';
import type { PhotoDifference } from '../../history/photo-diff.ts';
import type { Difference } from '../../history/version-diff.ts';
import { Html, html, type Content } from '../shell/html.ts';
import { photoFigure } from './photo-figure.ts';
import { segmentsView } from './segments-view.ts';
import type { Sides } from './sides.ts';

/** Returns what a form offers for a difference, such as a checkbox. */
export type ChoiceOf = (difference: Difference) => Html;

const photoWords: Readonly<Record<PhotoDifference['is'], string>> = {
  gone: '拿掉了',
  new: '新加的',
  changed: '改过',
  replaced: '换了一张',
};

function photoRows(
  name: EntryRef,
  photos: readonly PhotoDifference[],
  { before, after }: Sides,
  emptyCell: Content,
): Content {
  if (photos.length === 0)
    return html`
      <tr>
        <th scope="row">照片次序</th>
        <td colspan="2">照片没有变，次序变了。</td>
        ${emptyCell}
      </tr>
    `;
  const none = html`<span class="quiet">（没有）</span>`;
  return photos.map((photo) => {
    const { is, position } = photo;
    return html`
      <tr>
        <th scope="row">第 ${position} 张照片 <span class="mark ${is}">${photoWords[is]}</span></th>
        <td class="picture" data-label="${before.title}">
          ${photoFigure(name, photo, 'before', before, true) ?? none}
        </td>
        <td class="picture" data-label="${after.title}">${photoFigure(name, photo, 'after', after, true) ?? none}</td>
        ${emptyCell}
      </tr>
    `;
  });
}

/** Returns the rows of a difference that is no text of several paragraphs. */
function rowsOf(name: EntryRef, difference: Difference, sides: Sides, choiceOf: ChoiceOf | undefined): Content {
  const { label } = difference;
  const choice = choiceOf && html`<td>${choiceOf(difference)}</td>`;
  if (difference.kind === 'photos') {
    const photos = html`<tbody class="photos">
      ${photoRows(name, difference.photos, sides, choice && html`<td></td>`)}
    </tbody>`;
    if (!choice) return photos;
    return html`<tbody>
        <tr>
          <th scope="row" colspan="3">${label}</th>
          ${choice}
        </tr>
      </tbody>
      ${photos}`;
  }
  if (difference.kind !== 'fact') return undefined;
  const { segments } = difference;
  return html`
    <tbody>
      <tr>
        <th scope="row">${label}</th>
        <td data-label="${sides.before.title}">${segmentsView(segments, 'before')}</td>
        <td data-label="${sides.after.title}">${segmentsView(segments, 'after')}</td>
        ${choice}
      </tr>
    </tbody>
  `;
}

function factsTable(
  name: EntryRef,
  differences: readonly Difference[],
  sides: Sides,
  choiceOf: ChoiceOf | undefined,
): Html {
  return html`
    <table class="stacked compared-facts">
      <thead>
        <tr>
          <th scope="col">栏目</th>
          <th scope="col">${sides.before.title}</th>
          <th scope="col">${sides.after.title}</th>
          ${choiceOf && html`<th scope="col">选用</th>`}
        </tr>
      </thead>
      ${differences.map((difference) => rowsOf(name, difference, sides, choiceOf))}
    </table>
  `;
}

function textSection(difference: Difference, choiceOf: ChoiceOf | undefined): Html {
  const text =
    difference.kind === 'source'
      ? html`<p>${segmentsView(difference.segments, 'both')}</p>`
      : difference.kind === 'body' && difference.html !== undefined
        ? html`<div class="prose compared">${new Html(difference.html)}</div>`
        : html`<p>看上去没有变：改动的只是空行、符号写法这些页面上看不见的地方。</p>`;
  return html`
    <section>
      <h2>${difference.label}</h2>
      ${choiceOf?.(difference)} ${text}
    </section>
  `;
}

/**
 * Returns the differences between two versions: a table of the fields, and the text as a page shows it with its changes
 * marked. `choiceOf` adds what a form offers for each difference.
 */
export function comparisonView(
  name: EntryRef,
  differences: readonly Difference[],
  sides: Sides,
  choiceOf?: ChoiceOf,
): Html {
  const isText = ({ kind }: Difference): boolean => kind === 'body' || kind === 'source';
  const facts = differences.filter((difference) => !isText(difference));
  const table = html`
    <section>
      <h2>各栏目</h2>
      ${factsTable(name, facts, sides, choiceOf)}
    </section>
  `;
  return html`
    <p class="quiet">
      <del>划掉的</del
      >只在“${sides.before.title}”里，<ins>下面画线的</ins>只在“${sides.after.title}”里；没有变的栏目不列出。
    </p>
    ${facts.length > 0 && table} ${differences.filter(isText).map((difference) => textSection(difference, choiceOf))}
  `;
}
