// Sends the same queries to every contender.
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
  /** How its page is searched: see Reader. */
  ask: 'page' | 'function';
}

/** The cost of a query. */
export interface Cost {
  milliseconds: number;
  /** Bytes on the network. */
  bytes: number;
}

/** The results of a query: addresses in order. */
export interface QueryResult {
  query: Query;
  /** Was it the first query of a visit, for which everything is loaded, or a later one? */
  visit: 'first' | 'later';
  cost: Cost;
  /** The results of the first page. */
  shown: string[];
  /** Up to `MOST` results. */
  found: string[];
}

/** Number of queries per visit. */
const VISIT = 3;
/** Number of results on one page, and maximum number requested. */
export const SHOWN = 10;
export const MOST = 1000;

/** Makes each visit to one contender after the other, so that other load on the machine affects all alike. */
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
