// Sends the same queries to every contender and measures them.
import type { Browser } from 'playwright-core';
import type { IndexRun } from './index-run.ts';
import type { MeteredServer } from './metered-server.ts';
import type { Query } from './queries.ts';
import { Reader } from './reader.ts';

/** A contender whose search is measured. */
export interface Contestant {
  name: string;
  index: IndexRun;
  server: MeteredServer;
  /** How the contender's page is searched: a key of `SEARCH` in reader.ts. */
  ask: 'page' | 'function';
}

/** The cost of a query for a reader. */
export interface Cost {
  milliseconds: number;
  /** Number of bytes on the network, including headers. */
  bytes: number;
}

/** A query with its results (paths of pages, in order) and its cost. */
export interface QueryResult {
  query: Query;
  /** Whether the query was the first of a visit, for which everything is loaded, or a later one. */
  visit: 'first' | 'later';
  cost: Cost;
  /** The results on the first page: at most `SHOWN`. */
  shown: string[];
  /** All results, at most `MOST`; requested separately and not measured. */
  found: string[];
}

/** Number of queries in a visit. */
const VISIT = 3;
/** Number of results on one page. */
export const SHOWN = 10;
/** Largest number of results that are requested of a query, to compute recall. */
export const MOST = 1000;

/**
 * Runs all queries with every contender and resolves to the results by the contender's name. Visits take turns: each
 * visit is made to one contender after another, so that other load on the machine affects all alike.
 */
export async function runQueries(
  browser: Browser,
  contestants: readonly Contestant[],
  queries: readonly Query[],
): Promise<Map<string, QueryResult[]>> {
  const answers = new Map<string, QueryResult[]>(contestants.map(({ name }) => [name, []]));
  for (let at = 0; at < queries.length; at += VISIT) {
    for (const { name, server, ask } of contestants) {
      await server.take();
      const reader = await Reader.open(browser, server.origin, ask);
      for (const [place, query] of queries.slice(at, at + VISIT).entries()) {
        const { urls, milliseconds } = await reader.ask(query.text, SHOWN);
        const cost = { milliseconds, bytes: await server.take() };
        answers.get(name)?.push({ query, visit: place === 0 ? 'first' : 'later', cost, shown: urls, found: [] });
      }
      await reader.close();
    }
  }
  for (const { name, server, ask } of contestants) {
    const reader = await Reader.open(browser, server.origin, ask);
    for (const result of answers.get(name) ?? []) {
      result.found = (await reader.ask(result.query.text, MOST)).urls;
    }
    await reader.close();
  }
  return answers;
}
