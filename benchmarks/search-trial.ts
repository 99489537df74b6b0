// How every contender answers the same questions.
import type { Browser } from 'playwright-core';
import type { IndexRun } from './index-run.ts';
import type { MeteredServer } from './metered-server.ts';
import type { Question } from './questions.ts';
import { Reader } from './reader.ts';

/** Who is asked. */
export interface Contestant {
  name: string;
  index: IndexRun;
  server: MeteredServer;
  /** How its page is asked: see Reader. */
  ask: 'page' | 'function';
}

/** What a question cost. */
export interface Cost {
  milliseconds: number;
  /** Bytes over the wire. */
  bytes: number;
}

/** What a contender answered: results are addresses, in order. */
export interface Answered {
  question: Question;
  /** Of a visit: the first question, or one after it. */
  visit: 'first' | 'later';
  cost: Cost;
  /** As many as a page of results has. */
  shown: string[];
  /** Up to `MOST`. */
  found: string[];
}

/** Questions of one visit: the first, for which all is fetched, and some more. */
const VISIT = 3;
/** Results of one page, and most that are asked for. */
export const SHOWN = 10;
export const MOST = 1000;

/** Lets each visit be made to one contender after the other, so that what else the machine does hits all alike. */
export async function askAll(
  browser: Browser,
  contestants: readonly Contestant[],
  questions: readonly Question[],
): Promise<Map<string, Answered[]>> {
  const answers = new Map<string, Answered[]>(contestants.map(({ name }) => [name, []]));
  for (let at = 0; at < questions.length; at += VISIT) {
    for (const { name, server, ask } of contestants) {
      await server.take();
      const reader = await Reader.open(browser, server.origin, ask);
      for (const [place, question] of questions.slice(at, at + VISIT).entries()) {
        const { urls, milliseconds } = await reader.ask(question.text, SHOWN);
        const cost = { milliseconds, bytes: await server.take() };
        answers.get(name)?.push({ question, visit: place === 0 ? 'first' : 'later', cost, shown: urls, found: [] });
      }
      await reader.close();
    }
  }
  for (const { name, server, ask } of contestants) {
    const reader = await Reader.open(browser, server.origin, ask);
    for (const answered of answers.get(name) ?? []) {
      answered.found = (await reader.ask(answered.question.text, MOST)).urls;
    }
    await reader.close();
  }
  return answers;
}
