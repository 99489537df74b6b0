import type { Library } from '../../../library/library.ts';
import { endingConsents, photoLacks } from '../../../library/store/photo-lists.ts';
import { CONSENT_NOTICE_DAYS, dayAfter } from '../../../model/consents.ts';
import { chineseDate } from '../../../text/date.ts';
import { entryRefAt } from '../../domain/entry-ref.ts';
import { editorAddress } from '../shell/addresses.ts';
import { html, type Html } from '../shell/html.ts';

/** Greatest number of lines in each list. */
const MOST_LISTED = 50;

interface Line {
  file: string;
  title: string;
  unit: string;
  facts: string;
}

function listOf(title: string, lines: readonly Line[], hint: string, unitName: (code: string) => string): Html {
  const items = lines.slice(0, MOST_LISTED).map(
    ({ file, title: entryTitle, unit, facts }) => html`
      <li>
        <p class="title"><a href="${editorAddress(entryRefAt(file))}">${entryTitle}</a></p>
        <p class="quiet">${unitName(unit)} · ${facts}</p>
      </li>
    `,
  );
  const more = lines.length - items.length;
  return html`
    <section>
      <h2>${title}（${lines.length}）</h2>
      <p class="quiet">${hint}</p>
      <ul class="entries">
        ${items}
      </ul>
      ${more > 0 && html`<p class="quiet">还有 ${more} 处没有列出。</p>`}
    </section>
  `;
}

/**
 * Returns two sections of the start page: photos of published entries whose consent has ended or ends within 30 days, and
 * published entries that lack photos since some were withdrawn. A section without lines is left out.
 * @param about.unit code of the unit whose entries are listed; undefined for the entries of all units.
 * @param about.today YYYY-MM-DD.
 */
export function consentSections(
  { store, limits }: Library,
  { unit, today, unitName }: { unit: string | undefined; today: string; unitName: (code: string) => string },
): Html[] {
  const own = <Listed extends { unit: string }>(listed: readonly Listed[]): Listed[] =>
    listed.filter((one) => unit === undefined || one.unit === unit);
  const ending = own(endingConsents(store, dayAfter(today, CONSENT_NOTICE_DAYS))).map(
    ({ number, until, ...entry }): Line => ({
      ...entry,
      facts: `第 ${number} 张照片 · ${chineseDate(until)}${until < today ? '已到期' : '到期'}`,
    }),
  );
  const lacking = own(photoLacks(store, limits)).map(({ remark, ...entry }): Line => ({
    ...entry,
    file: remark.file,
    facts: `${remark.what}。${remark.remedy}`,
  }));
  const hint = '征得新的同意，就改“许可截止”；征不到，就换一张照片，或请审核人撤下。到期的照片不会自己从网站上消失。';
  return [
    ...(ending.length > 0 ? [listOf('肖像许可快到期', ending, hint, unitName)] : []),
    ...(lacking.length > 0 ? [listOf('照片待补', lacking, '这些稿件撤下过照片，网页照常显示。', unitName)] : []),
  ];
}
