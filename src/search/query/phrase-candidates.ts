// Runs in the browser.
import type { PagefindResults, PagefindResult } from './pagefind.ts';
import { canFollow } from './phrase-positions.ts';
import type { SearchQuery } from './parse-query.ts';

/** Name of the field of the index that holds the pairs of a title. */
const TITLE_FIELD = 't';

/** Results that may contain every phrase (a superset; `Hits` verifies them). */
export interface PhraseCandidates {
  /** The results, in the order in which the index returns them. */
  results: readonly PagefindResult[];
  /** Ids of the results that have every token in the title. */
  titled: ReadonlySet<string>;
}

/** The results for one token. `positions`: for the id of each result, where the token begins, counted in words. */
interface TokenResults extends PhraseCandidates {
  positions: ReadonlyMap<string, readonly number[]>;
}

/** Searches an index. Rejects if a part of the index cannot be loaded. */
type Search = (term: string | null) => Promise<PagefindResults>;

/**
 * Combines the results of two searches for one token: without quotes (`loosely`) and in quotes (`exactly`). Only the
 * results of `loosely` have positions and title fields. The results of `exactly` are the ones that have the token.
 */
function read(loosely: PagefindResults, exactly = loosely): TokenResults {
  const titled = loosely.results.filter(({ matchedMetaFields }) => matchedMetaFields?.includes(TITLE_FIELD) === true);
  return {
    results: exactly.results,
    titled: new Set(titled.map(({ id }) => id)),
    positions: new Map(loosely.results.map(({ id, words }) => [id, words ?? []])),
  };
}

/**
 * Resolves to the results that have every token of a query, at positions where the phrases of the query can occur.
 * Resolves to all results if the query has no phrase. Only few of these results turn out not to contain a phrase, so
 * the caller can load all of them. Rejects if a part of the index cannot be loaded.
 */
export async function phraseCandidates(
  { phrases, tokens, chains }: SearchQuery,
  search: Search,
): Promise<PhraseCandidates> {
  if (tokens.length === 0) return read(await search(phrases.length === 0 ? null : phrases.join(' ')));
  const byToken = new Map(
    await Promise.all(
      tokens.map(async (token): Promise<[string, TokenResults]> => {
        // In quotes a word matches only itself. Without quotes, words that begin like it match too if the index lacks
        // it.
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
