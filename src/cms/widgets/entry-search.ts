import { Component, createElement as h, createRef, type ReactNode } from 'react';
import { search } from '../../search/query/search.ts';
import { excerptOf, type Piece } from '../../search/query/excerpt.ts';
import type { IndexedPage } from '../../search/query/hits.ts';
import type { SearchKind } from '../../search/shared/index-attributes.ts';
import { OpenIndex } from '../../search/query/opened-index.ts';
import { parseQuery } from '../../search/query/parse-query.ts';
import type { SearchIndex } from '../../search/query/search-index.ts';
import { chineseDate } from '../../text/date.ts';
import { nameOf } from '../backend/site-settings.ts';

/** The collections that are searched with the same index as readers use, each with its kind in the index. */
export const searchedKinds: ReadonlyMap<string, SearchKind> = new Map([
  ['stories', 'story'],
  ['examples', 'example'],
]);

/** Pause in typing, in milliseconds, before a search starts. */
const PAUSE = 250;
/** Largest number of results shown for each kind. */
const SHOWN = 8;

/** A published entry that the search has found. */
export interface FoundEntry {
  key: string;
  /** Path of the entry's page, from the root of the site. */
  url: string;
  title: string;
  /**
   * The title with a detail that distinguishes entries with the same title: the date of a story, the unit of an
   * example.
   */
  label: string;
  /** Excerpt of the text around the words that were found. */
  excerpt: readonly Piece[];
}

interface EntrySearchProps {
  /** Kinds of entries to search. */
  kinds: readonly SearchKind[];
  /** Name of the entries that are searched for; part of the field's label. */
  label: string;
  /** Keys of entries that are left out of the results. */
  without: readonly string[];
  onChoose(found: FoundEntry): void;
}

interface EntrySearchState {
  found: readonly FoundEntry[];
  /** Message about the last search; empty if there is none. */
  news: string;
}

function foundEntry(page: IndexedPage, kind: SearchKind, phrases: readonly string[]): FoundEntry {
  const { url, title, date, content, filters } = page;
  const [, , key = ''] = url.split('/');
  const [unit = ''] = filters['unit'] ?? [];
  const label = `${title} · ${kind === 'story' ? chineseDate(date) : nameOf('units', unit)}`;
  return { key, url, title, label, excerpt: excerptOf(content, title, phrases) };
}

/**
 * Searches an index for entries of a kind. Resolves to at most `SHOWN` entries.
 * @throws if a part of the index cannot be loaded.
 */
async function find(q: string, kind: SearchKind, index: SearchIndex): Promise<FoundEntry[]> {
  const { hits, query } = await search({ q, filters: { kind }, sort: 'title', limit: SHOWN }, index);
  return (await hits.next(SHOWN)).map((page) => foundEntry(page, kind, query.phrases));
}

/**
 * Returns the message about a search. `found` is the number of results, `left` the number of results that are not
 * chosen yet.
 */
function newsOf(q: string, found: number, left: number): string {
  if (left > 0) return `找到 ${left} 篇，点一篇选用`;
  return found > 0 ? '找到的都已经选上了。' : `没有找到“${q}”。可以换一个说法，或者少写几个字。`;
}

/**
 * A field that searches published entries by their text, as readers do. Calls `onChoose` with the entry that is chosen.
 * Enter chooses the entry if only one is left.
 */
export class EntrySearch extends Component<EntrySearchProps, EntrySearchState> {
  override state: EntrySearchState = { found: [], news: '' };
  readonly #input = createRef<HTMLInputElement>();
  readonly #opened = new OpenIndex();
  #pause: ReturnType<typeof setTimeout> | undefined;
  /** Number of the latest search: results of earlier searches are discarded if they arrive late. */
  #latest = 0;

  override componentWillUnmount(): void {
    clearTimeout(this.#pause);
    this.#latest += 1;
  }

  /** Starts a search after a pause in typing; not while an input method composes characters. */
  #typed(composing: boolean): void {
    clearTimeout(this.#pause);
    if (!composing) this.#pause = setTimeout(() => void this.#search(this.#input.current?.value.trim() ?? ''), PAUSE);
  }

  async #search(q: string): Promise<void> {
    const current = ++this.#latest;
    const { kinds, without } = this.props;
    if (parseQuery(q).phrases.length === 0) {
      this.setState({ found: [], news: '' });
      return;
    }
    try {
      const results = await this.#opened.use(async (index) =>
        Promise.all(kinds.map(async (kind) => find(q, kind, index))),
      );
      if (current !== this.#latest) return;
      const all = results.flat();
      const found = all.filter(({ key }) => !without.includes(key));
      this.setState({ found, news: newsOf(q, all.length, found.length) });
    } catch {
      if (current === this.#latest) this.setState({ found: [], news: '搜索暂时用不了，请稍后再试。' });
    }
  }

  #choose(found: FoundEntry): void {
    this.#latest += 1;
    if (this.#input.current) this.#input.current.value = '';
    this.setState({ found: [], news: '' });
    this.props.onChoose(found);
  }

  override render(): ReactNode {
    const { found, news } = this.state;
    return h(
      'div',
      { className: 'entry-search' },
      h('input', {
        ref: this.#input,
        type: 'search',
        placeholder: '输入几个字，找题目和正文',
        'aria-label': `查找${this.props.label}`,
        onFocus: () => void this.#opened.open().catch(() => undefined),
        onInput: ({ nativeEvent }: { nativeEvent: Event }) =>
          this.#typed(nativeEvent instanceof InputEvent && nativeEvent.isComposing),
        onCompositionEnd: () => this.#typed(false),
        onKeyDown: (event: { key: string; nativeEvent: KeyboardEvent; preventDefault(): void }) => {
          if (event.key !== 'Enter' || event.nativeEvent.isComposing) return;
          event.preventDefault();
          const [only, other] = found;
          if (only && !other) this.#choose(only);
        },
      }),
      h('p', { role: 'status' }, news),
      h(
        'ul',
        null,
        found.map((one) =>
          h(
            'li',
            { key: one.url },
            h(
              'button',
              { type: 'button', onClick: () => this.#choose(one) },
              h('strong', null, one.label),
              h(
                'span',
                null,
                one.excerpt.map(({ text, marked }, at) => h(marked ? 'mark' : 'span', { key: at }, text)),
              ),
            ),
          ),
        ),
      ),
    );
  }
}
