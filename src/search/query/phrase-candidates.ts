// Runs in the browser.
import type { PagefindResults, PagefindResult } from './pagefind.ts';
import { canFollow } from './phrase-positions.ts';
import type { SearchQuery } from './parse-query.ts';

/** The field of the index that holds the pairs of a title. */
const TITLE_FIELD = 't';

/** Results that may contain every phrase (a superset; `Hits` verifies). */
export interface PhraseCandidates {
  /** In the order of their index. */
  results: readonly PagefindResult[];
  /** Ids of those that have every token in the title. */
  titled: ReadonlySet<string>;
}

/** Results that have one token, and the positions of the words where it begins. */
interface TokenResults extends PhraseCandidates {
  positions: ReadonlyMap<string, readonly number[]>;
}

/** Searches an index. Rejects if a part of it cannot be loaded. */
type Search = (term: string | null) => Promise<PagefindResults>;

/** Reads the results of a search without quotes, which alone has positions. `exactly` are the results with quotes. */
function read(loosely: PagefindResults, exactly = loosely): TokenResults {
  const titled = loosely.results.filter(({ matchedMetaFields }) => matchedMetaFields?.includes(TITLE_FIELD) === true);
  return {
    results: exactly.results,
    titled: new Set(titled.map(({ id }) => id)),
    positions: new Map(loosely.results.map(({ id, words }) => [id, words ?? []])),
  };
}

/**
 * Returns the results that have every token of a query, at positions where its phrases can occur; all results if it has
 * no phrase. So few of them lack a phrase that it is worth loading them all. Rejects if a part of the index cannot be
 * loaded.
 */
export async function phraseCandidates(
  { phrases, tokens, chains }: SearchQuery,
  search: Search,
): Promise<PhraseCandidates> {
  if (tokens.length === 0) return read(await search(phrases.length === 0 ? null : phrases.join(' ')));
  const byToken = new Map(
    await Promise.all(
      tokens.map(async (token): Promise<[string, TokenResults]> => {
        // In quotes a word matches only itself; without quotes, if the index lacks it, words that begin like it match
        // too.
        const [exactly, loosely] = await Promise.all([search(`"${token}"`), search(token)]);
        return [token, read(loosely, exactly)];
      }),
    ),
  );
  const each = [...byToken.values()];
  const idSets = each.map(({ results }) => new Set(results.map(({ id }) => id)));
  const may = ({ id }: PagefindResult): boolean =>
    idSets.every((ids) => ids.has(id)) &&
    chains.every((chain) => canFollow(chain, (token) => byToken.get(token)?.positions.get(id) ?? []));
  const results = each[0]?.results.filter(may) ?? [];
  const inTitle = results.filter(({ id }) => each.every(({ titled }) => titled.has(id)));
  return { results, titled: new Set(inTitle.map(({ id }) => id)) };
}
