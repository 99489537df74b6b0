// The indexes in a folder over several updates: what an update writes again, and what readers find after it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SearchDocument } from '../../src/search/index/documents.ts';
import { IndexFiles } from '../../src/search/index/index-files.ts';
import { MOST_IN_SHARD } from '../../src/search/index/shard-plan.ts';
import { Random } from '../fixtures/random.ts';
import { findable, fragmentsIn, tiersIn } from '../fixtures/search/pagefind-files.ts';
import {
  numberedDocument as document,
  numberedDocuments as documents,
  searchDocument,
  updateIndex,
} from '../fixtures/search/search-documents.ts';

let output: string;

beforeEach(() => {
  output = mkdtempSync(join(tmpdir(), 'index-'));
});

afterEach(() => rmSync(output, { recursive: true, force: true }));

const urls = (): string[] =>
  findable(output)
    .map(({ url }) => url)
    .sort();
const urlsOf = (some: readonly SearchDocument[]): string[] => some.map(({ url }) => url).sort();
const folder = (name: string): string => join(output, 'pagefind', name);
/**
 * Returns for each existing index, by its name, the time at which it was written (milliseconds since 1970). Indexes
 * that are no longer used are included.
 */
const indexes = (): Map<string, number> =>
  new Map(
    readdirSync(join(output, 'pagefind'))
      .filter((name) => /^[\da-f]{12}$/u.test(name))
      .map((name) => [name, statSync(join(folder(name), 'pagefind-entry.json')).mtimeMs]),
  );

describe('An update', () => {
  test('writes nothing if nothing changed, also in a new process', async () => {
    await updateIndex(output, documents(5), { fold: true });
    const before = [...indexes(), statSync(folder('tiers.json')).mtimeMs];
    for (const fold of [true, false]) {
      expect(await updateIndex(output, documents(5).toReversed(), { fold })).toBe(false);
      expect([...indexes(), statSync(folder('tiers.json')).mtimeMs]).toEqual(before);
    }
  });

  test('distinguishes documents with equal text', async () => {
    const twins = [searchDocument('/a/', '2021-01-01', '一样'), searchDocument('/b/', '2021-01-01', '一样')];
    await updateIndex(output, twins, { fold: true });
    expect(urls()).toEqual(['/a/', '/b/']);
    await updateIndex(output, twins.slice(1), { fold: false });
    expect(urls()).toEqual(['/b/']);
  });

  test('moves a document whose date changed', async () => {
    const early = searchDocument('/x/', '2001-01-01', '改期');
    const late = searchDocument('/x/', '2031-01-01', '改期');
    await updateIndex(output, [...documents(5), early], { fold: true });
    await updateIndex(output, [...documents(5), late], { fold: false });
    expect(Object.values(tiersIn(output).dates)).toEqual(['2031-01-01']);
    await updateIndex(output, [...documents(5), late], { fold: true });
    expect(findable(output).find(({ url }) => url === '/x/')?.date).toBe('2031-01-01');
    expect(urls()).toHaveLength(6);
  });

  test('without folding makes one index of the new documents and leaves the shards unchanged', async () => {
    await updateIndex(output, documents(20), { fold: true });
    const before = indexes();
    await updateIndex(output, [...documents(19), document(19, '改过'), document(20)], { fold: false });
    const made = [...indexes()].filter(([name, written]) => before.get(name) !== written);
    expect(made.map(([name]) => name)).toEqual([tiersIn(output).recent]);
    expect(fragmentsIn(folder(tiersIn(output).recent ?? '')).size).toBe(2);
    expect(urls()).toEqual(urlsOf(documents(21)));
  });

  test('folds by itself if more is new or gone than readers should load with every search', async () => {
    await updateIndex(output, documents(100), { fold: true });
    await updateIndex(output, documents(36), { fold: false });
    expect(tiersIn(output).gone).toHaveLength(64);
    await updateIndex(output, documents(35), { fold: false });
    expect(tiersIn(output).gone).toEqual([]);
    expect(urls()).toEqual(urlsOf(documents(35)));
    await updateIndex(output, documents(52), { fold: false });
    expect(tiersIn(output).recent).toBeUndefined();
    expect(urls()).toEqual(urlsOf(documents(52)));
  });

  test('splits thousands of documents into shards of at most MOST_IN_SHARD, in ranges of dates', async () => {
    await updateIndex(output, documents(MOST_IN_SHARD + 100), { fold: false });
    const shards = tiersIn(output).shards.map((name) => [...fragmentsIn(folder(name)).values()]);
    const dates = shards.map((pages) => pages.map(({ date }) => date).sort());
    expect(shards).toHaveLength(2);
    expect(Math.max(...shards.map(({ length }) => length))).toBeLessThanOrEqual(MOST_IN_SHARD);
    expect(urls()).toEqual(urlsOf(documents(MOST_IN_SHARD + 100)));
    const ends = dates.flatMap((sorted) => [sorted.at(-1) ?? '', sorted[0] ?? '']);
    expect(ends).toEqual(ends.toSorted().toReversed());

    // Another document changes only the shard that contains documents of its date.
    const added = searchDocument('/late/', dates.at(-1)?.[5] ?? '', '后来补的');
    const before = tiersIn(output).shards;
    await updateIndex(output, [...documents(MOST_IN_SHARD + 100), added], { fold: true });
    const after = tiersIn(output).shards;
    expect(after.filter((name) => before.includes(name))).toEqual(before.slice(0, -1));
    expect(urls()).toEqual(urlsOf([...documents(MOST_IN_SHARD + 100), added]));
  });
});

describe('A superseded index', () => {
  test('stays for an hour, and is used again if the same documents come back', async () => {
    await updateIndex(output, documents(3), { fold: true });
    const [first = ''] = tiersIn(output).shards;
    const made = indexes().get(first);
    await updateIndex(output, documents(2), { fold: true });
    await updateIndex(output, documents(3), { fold: true });
    expect(tiersIn(output).shards).toEqual([first]);
    expect(indexes().get(first)).toBe(made);
  });

  test('is removed by the next update after that, with any other leftovers', async () => {
    await updateIndex(output, documents(3), { fold: true });
    const [first = ''] = tiersIn(output).shards;
    await updateIndex(output, documents(2), { fold: true });
    writeFileSync(folder('pagefind-ui.js'), 'of another version');
    const long = new Date(Date.now() - 4_000_000);
    for (const name of [first, 'pagefind-ui.js']) utimesSync(folder(name), long, long);
    expect(await updateIndex(output, documents(2), { fold: true })).toBe(false);
    expect(readdirSync(join(output, 'pagefind')).sort()).toEqual(
      [...tiersIn(output).shards, 'pagefind.js', 'pagefind.js.br', 'tiers.json'].sort(),
    );
  });

  test('A deleted script is written again', async () => {
    await updateIndex(output, documents(2), { fold: true });
    rmSync(folder('pagefind.js'));
    await updateIndex(output, documents(2), { fold: true });
    expect(existsSync(folder('pagefind.js'))).toBe(true);
  });
});

describe('An interrupted update leaves the index unchanged, and the next update completes it', () => {
  test('after an abort signal', async () => {
    await updateIndex(output, documents(3), { fold: true });
    const before = tiersIn(output);
    const stop = new AbortController();
    const many = documents(200);
    const byFingerprint = new Map(many.map((one) => [one.print, one]));
    const update = new IndexFiles(output).update(
      many,
      ({ print }) => {
        if (print === many[100]?.print) stop.abort();
        return byFingerprint.get(print);
      },
      { fold: true, signal: stop.signal },
    );
    await expect(update).rejects.toThrow('aborted');
    expect(tiersIn(output)).toEqual(before);
    await updateIndex(output, many, { fold: true });
    expect(urls()).toEqual(urlsOf(many));
  });

  test('after a kill at any moment', async () => {
    const script = fileURLToPath(new URL('./fresh-indexing.ts', import.meta.url));
    const random = new Random(12);
    /** Duration of the last indexing that was not killed, in milliseconds. */
    let whole = 0;
    /**
     * Indexes in a separate process and kills it after `wait` milliseconds. Resolves to the signal that ended the
     * process, or to null.
     */
    const run = async (count: number, wait?: number): Promise<NodeJS.Signals | null> => {
      const child = spawn(process.execPath, [script, output, String(count)], { stdio: ['ignore', 'pipe', 'inherit'] });
      const ended = once(child, 'close');
      await once(child.stdout, 'data');
      const started = performance.now();
      const timer = wait === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), wait);
      await ended;
      clearTimeout(timer);
      if (child.signalCode === null) whole = performance.now() - started;
      return child.signalCode;
    };
    expect(await run(30)).toBeNull();
    let current = 30;
    for (let killed = 0; killed < 12;) {
      const wanted = current === 30 ? 130 : 30;
      const signal = await run(wanted, random.between(0, Math.ceil(whole)));
      const found = urls();
      expect([urlsOf(documents(30)), urlsOf(documents(130))]).toContainEqual(found);
      if (signal === null) expect(found).toHaveLength(wanted);
      else killed += 1;
      current = found.length;
    }
    expect(await run(60)).toBeNull();
    expect(urls()).toEqual(urlsOf(documents(60)));
  });
});
