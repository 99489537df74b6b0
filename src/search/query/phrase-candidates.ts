// Runs in the browser.
import type { PagefindAnswer, PagefindResult } from './pagefind.ts';
import { canFollow } from './phrase-positions.ts';
import type { SearchQuery } from './parse-query.ts';

/** The field of the index that holds the pairs of a title. */
const TITLE_FIELD = 't';

/** The results that hold what is asked for. */
export interface PhraseCandidates {
  /** In the order of their index. */
  results: readonly PagefindResult[];
  /** Those that hold it in the title. */
  titled: ReadonlySet<string>;
}

/** Those of one token, and in which of their words it begins. */
interface TokenHolders extends PhraseCandidates {
  positions: ReadonlyMap<string, readonly number[]>;
}

/** Asks an index. Rejects where a part of it cannot be loaded. */
type Search = (term: string | null) => Promise<PagefindAnswer>;

/** Reads an answer without quotes: only that says where something stands. `exactly`: the answer in quotes. */
function read(loosely: PagefindAnswer, exactly = loosely): TokenHolders {
  const titled = loosely.results.filter(({ matchedMetaFields }) => matchedMetaFields?.includes(TITLE_FIELD) === true);
  return {
    results: exactly.results,
    titled: new Set(titled.map(({ id }) => id)),
    positions: new Map(loosely.results.map(({ id, words }) => [id, words ?? []])),
  };
}

/**
 * The results that hold every token of a question, each phrase's where they may be one; all results where it has no
 * phrase. So few of them lack a phrase that all are worth loading. Rejects where a part of the index cannot be loaded.
 */
export async function phraseCandidates(
  { phrases, tokens, chains }: SearchQuery,
  search: Search,
): Promise<PhraseCandidates> {
  if (tokens.length === 0) return read(await search(phrases.length === 0 ? null : phrases.join(' ')));
  const held = new Map(
    await Promise.all(
      tokens.map(async (token): Promise<[string, TokenHolders]> => {
        // In quotes a word is itself or nothing; else, where the index lacks it, others are taken that begin alike.
        const [exactly, loosely] = await Promise.all([search(`"${token}"`), search(token)]);
        return [token, read(loosely, exactly)];
      }),
    ),
  );
  const each = [...held.values()];
  const holding = each.map(({ results }) => new Set(results.map(({ id }) => id)));
  const may = ({ id }: PagefindResult): boolean =>
    holding.every((ids) => ids.has(id)) &&
    chains.every((chain) => canFollow(chain, (token) => held.get(token)?.positions.get(id) ?? []));
  const results = each[0]?.results.filter(may) ?? [];
  const inTitle = results.filter(({ id }) => each.every(({ titled }) => titled.has(id)));
  return { results, titled: new Set(inTitle.map(({ id }) => id)) };
}
