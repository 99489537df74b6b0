import type { Library } from '../../library/library.ts';
import {
  nextPeriod,
  periodsOf,
  reportStateWords,
  reportTable,
  type Period,
  type Report,
  type ReportRow,
  type Submission,
} from '../../model/reporting.ts';
import { hasRole } from '../../model/roles.ts';
import { reportKinds } from '../../model/collections/site.ts';
import { chineseDate } from '../../text/date.ts';
import { todayInChina } from '../domain/china-time.ts';
import type { Editor } from '../domain/editor.ts';
import type { Submissions } from '../catalogue/submissions.ts';
import { attributes, html, type Html } from './shell/html.ts';
import { deskPageHtml } from './shell/page-shell.ts';
import { reminderText } from './reminder-text.ts';

/** The table that shows which units have reported in a year: a row for each unit, a column for each period. */
export interface ReportTable {
  year: number;
  periods: Period[];
  rows: (ReportRow & { name: string })[];
}

/**
 * Resolves to the table of a year and to the submissions of that year. The table has a row for each active unit, in the
 * site's order. If `year` is NaN, it has no periods.
 * @throws CatalogueBusy
 */
export async function reportingOf(
  submissions: Submissions,
  library: Library,
  year: number,
): Promise<{ table: ReportTable; submissions: Submission[] }> {
  const reader = library.reader();
  const { reporting } = reader.site();
  const units = reader.units().filter(({ active }) => active);
  const periods = Number.isInteger(year) ? periodsOf(year, reporting) : [];
  const all = await submissions.of(periods);
  const names = new Map(units.map(({ code, name }) => [code, name]));
  const codes = units.map(({ code }) => code);
  const rows = reportTable(codes, periods, all, todayInChina()).map((row) => ({
    ...row,
    name: names.get(row.unit) ?? row.unit,
  }));
  return { table: { year, periods, rows }, submissions: all };
}

function reportView({ state, day, count }: Report, period: Period): Html {
  const more = day === undefined ? '' : ` ${chineseDate(day)}${count > 1 ? `，共 ${count} 篇` : ''}`;
  return html`
    <td data-label="${titleOf(period)}">
      <span class="mark ${state}">${reportStateWords[state]}</span><span class="quiet">${more}</span>
    </td>
  `;
}

function titleOf({ kind, deadline }: Period): string {
  return `${Number(deadline.slice(5, 7))}月${Number(deadline.slice(8, 10))}日前 ${reportKinds[kind]}`;
}

/** Returns the names of the units that have not reported for a period. */
function missingIn({ periods, rows }: ReportTable, period: Period): string[] {
  const column = periods.findIndex(({ id }) => id === period.id);
  return rows.filter(({ reports }) => reports[column]?.day === undefined).map(({ name }) => name);
}

/**
 * Returns the period for which a reminder is shown: the site's next period if it is in the table's year, otherwise the
 * last period of that year. Returns undefined if the year has no periods.
 */
function urgentPeriod(table: ReportTable, reporting: Parameters<typeof nextPeriod>[1]): Period | undefined {
  const next = nextPeriod(todayInChina(), reporting);
  return table.periods.find(({ id }) => id === next?.id) ?? table.periods.at(-1);
}

function linkTo(address: string, text: string, isCurrent: boolean): Html {
  return html`<a ${attributes({ href: address, 'aria-current': isCurrent && 'true' })}>${text}</a>`;
}

function tableView({ periods, rows: all }: ReportTable, rows: ReportTable['rows'], reviewer: boolean): Html {
  const count = (period: number): number => all.filter(({ reports }) => reports[period]?.day !== undefined).length;
  const heads = periods.map((period, index) => {
    const share = reviewer && html`<small>${count(index)} / ${all.length}</small>`;
    return html`<th scope="col">${titleOf(period)}${share}</th>`;
  });
  const lines = rows.map(({ name, reports }) => {
    const cells = periods.map((period, index) => {
      const report = reports[index];
      return report && reportView(report, period);
    });
    return html`<tr>
      <th scope="row">${name}</th>
      ${cells}
    </tr>`;
  });
  return html`
    <div class="scroll">
      <table class="stacked">
        <caption class="quiet">
          按第一次送审的日子算；退回修改不影响。
        </caption>
        <thead>
          <tr>
            <th scope="col">单位</th>
            ${heads}
          </tr>
        </thead>
        <tbody>
          ${lines}
        </tbody>
      </table>
    </div>
  `;
}

/**
 * Returns the reminder for a period, with links to the reminders for the other periods of the year. Returns undefined
 * if all units have reported.
 */
function reminderView(table: ReportTable, urgent: Period, contact: { phone: string }): Html | undefined {
  const missing = missingIn(table, urgent);
  if (missing.length === 0) return undefined;
  const links = table.periods.map((period) =>
    linkTo(`/desk/reports?year=${table.year}&period=${period.id}`, titleOf(period), period === urgent),
  );
  return html`
    <section>
      <h2>催报</h2>
      <p class="places">${links}</p>
      <pre id="reminder">${reminderText(urgent, missing, contact)}</pre>
      <button type="button" data-copy="reminder">复制催报文字</button>
    </section>
  `;
}

/** Resolves to the page that shows which units have reported. An author sees only the row of his or her own unit. */
export async function reportsPage(
  editor: Editor,
  submissions: Submissions,
  library: Library,
  asked: { year?: number | undefined; period?: string | undefined },
): Promise<string> {
  const site = library.reader().site();
  const year =
    asked.year ?? Number((nextPeriod(todayInChina(), site.reporting)?.deadline ?? todayInChina()).slice(0, 4));
  const { table } = await reportingOf(submissions, library, year);
  const reviewer = hasRole(editor, 'reviewer');
  const rows = reviewer ? table.rows : table.rows.filter(({ unit }) => unit === editor.unit);
  const urgent = table.periods.find(({ id }) => id === asked.period) ?? urgentPeriod(table, site.reporting);
  const thisYear = Number(todayInChina().slice(0, 4));
  const reported = await submissions.years(periodsOf(thisYear, site.reporting));
  const years = [...new Set([thisYear, ...reported, year])]
    .sort((one, other) => other - one)
    .map((of) => linkTo(`/desk/reports?year=${of}`, `${of}年`, of === year));
  const none = table.periods.length === 0 ? '网站设置里还没有报送期限。' : '没有要报送的单位。';
  return deskPageHtml({
    title: '报送情况',
    editor,
    content: html`
      <p class="places">${years} ${reviewer && html`<a href="/desk/reports.csv?year=${year}">下载表格（CSV）</a>`}</p>
      ${rows.length === 0 || table.periods.length === 0 ? html`<p>${none}</p>` : tableView(table, rows, reviewer)}
      ${reviewer && urgent && reminderView(table, urgent, site.contact)}
    `,
  });
}

/** Quotes a field of a CSV file. A text that a spreadsheet would read as a formula gets an apostrophe in front. */
function csvField(text: string): string {
  const safe = /^[=+\-@\t\r]/u.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}

/** Returns the table as CSV (RFC 4180). The byte order mark at its start lets Excel recognise UTF-8. */
export function reportsCsv({ periods, rows }: ReportTable): string {
  const head = ['单位', ...periods.flatMap((period) => [titleOf(period), '报送日期', '篇数'])];
  const lines = rows.map(({ name, reports }) => [
    name,
    ...reports.flatMap(({ state, day, count }) => [reportStateWords[state], day ?? '', String(count)]),
  ]);
  return `\ufeff${[head, ...lines].map((line) => `${line.map(csvField).join(',')}\r\n`).join('')}`;
}
