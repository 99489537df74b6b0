import type { Library } from '../../../library/library.ts';
import { isSingleFile } from '../../../model/collection-menu.ts';
import { collections } from '../../../model/collections/collections.ts';
import { hasRole } from '../../../model/roles.ts';
import { board, boardColumns, type BoardColumn, type BoardColumnName } from '../../catalogue/board.ts';
import type { Catalogue } from '../../catalogue/catalogue.ts';
import type { ListedEntry } from '../../catalogue/listed-entry.ts';
import { todayInChina } from '../../domain/china-time.ts';
import type { Editor } from '../../domain/editor.ts';
import { stateWords } from '../../drafts/drafts.ts';
import { editorAddress, settingsAddress } from '../shell/addresses.ts';
import { html, type Html } from '../shell/html.ts';
import { deskPageHtml } from '../shell/page-shell.ts';
import { entryNote, entryStateWords, sinceWords, stateMark, whenView } from './entry-marks.ts';
import { listAddress } from './list-query.ts';

export interface BoardDeps {
  catalogue: Catalogue;
  library(): Promise<Library>;
}

/** The heading of each column, and what it says if it is empty. */
const COLUMNS: Readonly<Record<BoardColumnName, { heading: string; none: string }>> = {
  drafts: { heading: stateWords.draft, none: '没有草稿。' },
  pending_review: { heading: stateWords.pending_review, none: '没有稿件在等审核。' },
  pending_publish: { heading: stateWords.pending_publish, none: '没有通过了、等着发布的稿件。' },
  published: { heading: `本月${entryStateWords.published}`, none: '这个月还没有发布。' },
};

/** Returns how long an entry has waited in its column, or when it was changed or published. */
function timeView(entry: ListedEntry, column: BoardColumnName, now: number): Html | string | undefined {
  const { changed } = entry;
  if (column === 'pending_review') return sinceWords('等了', changed, now);
  if (column === 'pending_publish') return sinceWords('通过了', changed, now);
  return whenView(entry, now);
}

function card(entry: ListedEntry, column: BoardColumnName, units: ReadonlyMap<string, string>, now: number): Html {
  const { name, title, unit, state } = entry;
  const facts = [collections[name.collection].labelOne, unit === undefined ? undefined : (units.get(unit) ?? unit)];
  const note = entryNote(entry);
  return html`
    <li>
      <p class="title"><a href="${editorAddress(name)}">${title}</a></p>
      <p class="note">${facts.filter((fact) => fact !== undefined).join(' · ')} · ${timeView(entry, column, now)}</p>
      ${note !== '' && html`<p class="note">${state === 'returned' && stateMark(entry, now)} ${note}</p>`}
    </li>
  `;
}

/** Returns the links to the lists that show the entries of a column for which the board has no room. */
function others({ entries, total, counts }: BoardColumn, column: BoardColumnName): Html | false {
  const links = counts.map(({ collection, state, total: count }) => {
    const href = isSingleFile(collection) ? settingsAddress : listAddress(collection, { state });
    const text = `${collections[collection].label}：${entryStateWords[state]}`;
    return html`<li><a href="${href}">${text}${column !== 'published' && `（${count}）`}</a></li>`;
  });
  return (
    total > entries.length &&
    html`
      <p class="note">另有 ${total - entries.length} 篇，在这些列表里：</p>
      <ul>
        ${links}
      </ul>
    `
  );
}

/**
 * Resolves to the board: the drafts that a person may see, by their states, and what was published this month.
 * @throws CatalogueBusy
 */
export async function boardPage(editor: Editor, { catalogue, library }: BoardDeps): Promise<string> {
  const units = new Map(
    (await library())
      .reader()
      .units()
      .map(({ code, short }) => [code, short]),
  );
  const now = Date.now();
  const columns = await board(catalogue, editor, `${todayInChina().slice(0, 'YYYY-MM'.length)}-01`);
  const sections = boardColumns.map((name) => {
    const column = columns[name];
    const { entries, total } = column;
    const { heading, none } = COLUMNS[name];
    return html`
      <section aria-labelledby="${name}">
        <h2 id="${name}">${heading} <span class="count">${total}</span></h2>
        ${
          entries.length === 0
            ? html`<p class="note">${none}</p>`
            : html`<ul class="cards">
                ${entries.map((entry) => card(entry, name, units, now))}
              </ul>`
        }
        ${others(column, name)}
      </section>
    `;
  });
  const advice = hasRole(editor, 'reviewer') ? '等得最久的在最前面。' : '本单位的稿件走到了哪一步。';
  return deskPageHtml({
    title: '审核',
    editor,
    content: html`
      <p class="quiet">${advice}点题目打开稿件。</p>
      <div class="board">${sections}</div>
    `,
  });
}
