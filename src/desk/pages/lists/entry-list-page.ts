import type { Library } from '../../../library/library.ts';
import { collectionMenu, isSingleFile, takesNewEntries } from '../../../model/collection-menu.ts';
import { collections } from '../../../model/collections/collections.ts';
import type { CollectionName } from '../../../model/fields/collection-names.ts';
import { hasRole, mayWriteIn } from '../../../model/roles.ts';
import type { Catalogue } from '../../catalogue/catalogue.ts';
import { entryList, type EntryListPage } from '../../catalogue/entry-list.ts';
import { MOST_SEARCHED } from '../../catalogue/entry-words.ts';
import { entryState, type EntryState, type ListedEntry } from '../../catalogue/listed-entry.ts';
import type { Editor } from '../../domain/editor.ts';
import { DELETED_DRAFTS, editorAddress, newEntryAddress, settingsAddress } from '../shell/addresses.ts';
import { optionsOf } from '../shell/form.ts';
import { attributes, html, type Html } from '../shell/html.ts';
import { deskPageHtml, type Message } from '../shell/page-shell.ts';
import { entryNote, entryStateWords, periodWords, stateMark, whenView } from './entry-marks.ts';
import { listAddress, type ListQuery, type Outcome, type ParsedListQuery } from './list-query.ts';

export interface EntryListDeps {
  catalogue: Catalogue;
  library(): Promise<Library>;
}

/** Codes or slugs with their names. */
type Names = ReadonlyMap<string, string>;

/** Everything that the parts of a list's page show. */
interface ListView {
  collection: CollectionName;
  editor: Editor;
  /** The query without filters that name nothing. */
  query: ListQuery;
  units: Names;
  activities: Names;
  list: EntryListPage;
  /** Milliseconds since 1970. */
  now: number;
}

function hasField(collection: CollectionName, ...names: readonly string[]): boolean {
  return names.some((name) => name in collections[collection].schema.shape);
}

const counted = (number: number): string => number.toLocaleString('en');

/** Returns the links to the lists of all collections in which a person may write, and to the settings' form. */
function collectionLinks(editor: Editor, current: CollectionName): Html {
  const links = collectionMenu
    .filter((name) => mayWriteIn(editor, name))
    .map((name) => {
      const href = isSingleFile(name) ? settingsAddress : listAddress(name);
      return html`<a ${attributes({ href, 'aria-current': name === current && 'page' })}
        >${collections[name].label}</a
      >`;
    });
  return html`<nav class="tabs" aria-label="栏目">${links}</nav>`;
}

function select(name: string, label: string, all: string, names: Names, chosen: string | undefined): Html {
  return html`<select ${attributes({ name, 'aria-label': label })}>
    ${optionsOf([['', all], ...names], chosen ?? '')}
  </select>`;
}

function newEntryLink(collection: CollectionName): Html | false {
  return (
    takesNewEntries(collection) &&
    html`<a class="button" href="${newEntryAddress(collection)}">新建${collections[collection].labelOne}</a>`
  );
}

/** Returns the form with the words and filters, which works without JavaScript. It keeps the state. */
function filterForm({ collection, editor, query, units, activities, list }: ListView): Html {
  const { q, unit, activity, year, state } = query;
  // A year without entries is offered too if it is in the query: the form has to show what restricts the list.
  const years = year === undefined || list.years.includes(year) ? list.years : [year, ...list.years];
  const yearNames = new Map(years.map((one) => [String(one), `${one}年`]));
  // All entries that an author may see are of one unit.
  const offersUnits = hasRole(editor, 'reviewer') && hasField(collection, 'unit');
  const words = {
    ...{ type: 'search', name: 'q', value: q, maxlength: MOST_SEARCHED, autocomplete: 'off' },
    ...{ placeholder: '标题、正文里的话', 'aria-label': '标题、摘要、正文里的话' },
  };
  return html`
    <form method="get" action="${listAddress(collection)}" class="filters" role="search">
      <input ${attributes(words)} />
      ${offersUnits && select('unit', '单位', '全部单位', units, unit)}
      ${hasField(collection, 'activity', 'activities') && select('activity', '活动', '全部活动', activities, activity)}
      ${years.length > 0 && select('year', '年度', '全部年度', yearNames, year === undefined ? undefined : String(year))}
      ${state !== undefined && html`<input type="hidden" name="state" value="${state}" />`}
      <button type="submit" class="plain">查找</button>
      ${newEntryLink(collection)}
    </form>
  `;
}

/** Returns the links that choose a state, with the number of entries in each. States without entries are left out. */
function stateLinks({ collection, query, list: { counts } }: ListView): Html {
  const link = (state: EntryState | undefined, text: string, total: number): Html => {
    const href = listAddress(collection, { ...query, state, page: 1 });
    return html`<a ${attributes({ href, 'aria-current': query.state === state && 'true' })}
      >${text} <span class="count">${counted(total)}</span></a
    >`;
  };
  const all = Object.values(counts).reduce((sum, one) => sum + one, 0);
  const shown = entryState.options.filter((state) => counts[state] > 0 || query.state === state);
  return html`<nav class="tabs states" aria-label="状态">
    ${link(undefined, '全部', all)} ${shown.map((state) => link(state, entryStateWords[state], counts[state]))}
  </nav>`;
}

function entryRow(entry: ListedEntry, { collection, units, activities, now }: ListView): Html {
  const { name, title, unit } = entry;
  const named = entry.activities.map((slug) => activities.get(slug) ?? slug).join('、');
  const report = entry.period === undefined ? undefined : periodWords(entry.period);
  const note = [entryNote(entry), report].filter(Boolean).join(' · ');
  return html`
    <li>
      ${stateMark(entry, now)}
      <div class="what">
        <p class="title"><a href="${editorAddress(name)}">${title}</a></p>
        ${note !== '' && html`<p class="note">${note}</p>`}
      </div>
      ${hasField(collection, 'unit') && html`<p class="of">${unit === undefined ? '' : (units.get(unit) ?? unit)}</p>`}
      ${hasField(collection, 'activity', 'activities') && html`<p class="of">${named}</p>`}
      <p class="when">${whenView(entry, now)}</p>
    </li>
  `;
}

/** Returns what an empty list says: why it is empty and what to do. */
function emptyView({ collection, query, editor }: ListView): Html {
  const { label, labelOne } = collections[collection];
  const { q, unit, activity, year, state } = query;
  const isFiltered = [unit, activity, year, state].some((filter) => filter !== undefined);
  if (q === '' && !isFiltered) {
    const whose = hasRole(editor, 'reviewer') ? '' : '本单位';
    return html`<p class="empty">
      ${whose}还没有${label}。${takesNewEntries(collection) && `点“新建${labelOne}”写第一篇。`}
    </p>`;
  }
  const ways = [
    q !== '' && isFiltered && html`<a href="${listAddress(collection, { q })}">在全部${label}里找“${q}”</a>`,
    q !== '' && isFiltered && html`<a href="${listAddress(collection, { ...query, q: '' })}">不限文字</a>`,
    html`<a href="${listAddress(collection)}">看全部${label}</a>`,
  ].filter((way) => way !== false);
  const advice = q === '' ? '' : '可以少写几个字、换个说法，几个词用空格隔开。';
  return html`
    <p class="empty">没有符合的${label}。${advice}</p>
    <p class="places">${ways}</p>
  `;
}

function pageLinks({ collection, query, list: { page, pages } }: ListView): Html | false {
  const link = (to: number, text: string, rel?: string): Html =>
    html`<a ${attributes({ href: listAddress(collection, { ...query, page: to }), rel })}>${text}</a>`;
  return (
    pages > 1 &&
    html`<nav class="tabs pages" aria-label="翻页">
      ${page > 1 && [link(1, '第一页'), link(page - 1, '上一页', 'prev')]}
      <span>第 ${page} 页，共 ${pages} 页</span>
      ${page < pages && [link(page + 1, '下一页', 'next'), link(pages, '最后一页')]}
    </nav>`
  );
}

/** Returns the message about a deletion, or about words that are too long. */
function messageOf(editor: Editor, done: Outcome | undefined, isShortened: boolean): Message | undefined {
  if (done === 'deleted') return { kind: 'done', text: '删除了，网站上不再有它。' };
  if (done === 'draft-deleted') {
    const way = hasRole(editor, 'reviewer') ? '可以从“已删除的草稿”找回来' : '可以请审核找回来';
    return { kind: 'done', text: `草稿删除了。180 天以内${way}。` };
  }
  if (!isShortened) return undefined;
  return { kind: 'error', text: `要找的文字最多 ${MOST_SEARCHED} 字，只用前面的 ${MOST_SEARCHED} 字找了。` };
}

/** Returns a query without a unit or activity that the filters do not offer. */
function known(query: ListQuery, units: Names, activities: Names): ListQuery {
  const { unit, activity } = query;
  return {
    ...query,
    unit: unit !== undefined && units.has(unit) ? unit : undefined,
    activity: activity !== undefined && activities.has(activity) ? activity : undefined,
  };
}

/**
 * Resolves to a page of the list of a collection. The caller has checked that the person may write in the collection.
 * @throws CatalogueBusy
 */
export async function entryListPage(
  editor: Editor,
  collection: CollectionName,
  { query: asked, isShortened, done }: ParsedListQuery,
  deps: EntryListDeps,
): Promise<string> {
  const reader = (await deps.library()).reader();
  const units = new Map(reader.units().map(({ code, short }) => [code, short]));
  const activities = new Map(reader.activities().map(({ slug, title }) => [slug, title]));
  const query = known(asked, units, activities);
  const { q: text, ...filters } = query;
  const list = await entryList(deps.catalogue, editor, { collection, ...filters, text });
  const view: ListView = { collection, editor, query, units, activities, list, now: Date.now() };
  const { entries, total } = list;
  return deskPageHtml({
    title: collections[collection].label,
    place: '稿件',
    editor,
    message: messageOf(editor, done, isShortened),
    content: html`
      ${collectionLinks(editor, collection)} ${filterForm(view)} ${stateLinks(view)}
      <p class="visually-hidden">共 ${counted(total)} 篇</p>
      ${
        entries.length === 0
          ? emptyView(view)
          : html`<ul class="rows">
              ${entries.map((entry) => entryRow(entry, view))}
            </ul>`
      }
      ${pageLinks(view)}
      ${hasRole(editor, 'reviewer') && html`<p class="places"><a href="${DELETED_DRAFTS}">已删除的草稿</a></p>`}
    `,
  });
}
