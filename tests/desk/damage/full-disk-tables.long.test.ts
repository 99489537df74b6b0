// For each table of the database: if the disk is full, the desk acknowledges only what it has stored, and refuses the
// rest.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { remarked, tinyPhotos } from '../../fixtures/content.ts';
import { DeskClient, PASSWORD, writtenStory } from '../../fixtures/desk/desk-client.ts';
import { DeskOnSmallDisk } from '../../fixtures/damage/desk-on-small-disk.ts';
import type { SmallDisk } from '../../fixtures/damage/small-disk.ts';

/**
 * Numbers of free pages (4,096 bytes) that are left on the disk. With each number the disk becomes full at a different
 * step.
 */
const PAGES_LEFT = [0, 1, 2, 4];
const STORY = '20210101-000001aa';

/** Status and body of a response. */
interface Answered {
  status: number;
  text: string;
}

/** A request that writes rows to a table. `mark`: text by which these rows can be found. */
interface Writing {
  /**
   * Makes what the request needs, while there is still space on the disk. Resolves to a text that `write` gets as
   * `prepared`.
   */
  prepare?(mark: string): Promise<string>;
  write(mark: string, prepared: string): Promise<Answered>;
  /** Returns the number of rows that the request has written. */
  found(mark: string, answer: Answered): number;
}

let small: DeskOnSmallDisk;
let disk: SmallDisk;
let desk: DeskClient;
const photo = tinyPhotos.a;

beforeAll(async () => {
  small = await DeskOnSmallDisk.start();
  ({ disk, desk } = small);
  const photos = await desk.photos(remarked(photo, 'a'), remarked(tinyPhotos.b, 'b'));
  expect((await desk.save(writtenStory('jiefang', STORY, photos), null)).status).toBe(200);
});

afterAll(async () => small.dispose());

async function answered(response: Promise<Response>): Promise<Answered> {
  const { status, text } = await response.then(async (got) => ({ status: got.status, text: await got.text() }));
  return { status, text };
}

/**
 * Program that runs an SQL statement and prints the rows as JSON. Arguments: path of the database, statement, and the
 * statement's values.
 */
const READER = `
  const { DatabaseSync } = require('node:sqlite');
  const [file, statement, ...values] = process.argv.slice(1);
  console.log(JSON.stringify(new DatabaseSync(file).prepare(statement).all(...values)));
`;
const found = z.array(z.record(z.string(), z.unknown()));

/** Runs an SQL statement in another process, which sees only committed rows. Returns the rows. */
function rows(statement: string, ...values: string[]): Record<string, unknown>[] {
  const [enter = '', ...spaces] = disk.prefix;
  // The process runs in the mount namespace of the disk. In this process SQLite would resolve the path to a folder
  // outside the disk.
  const args = [...spaces, process.execPath, '-e', READER, join(disk.folder, 'desk.sqlite'), statement, ...values];
  return found.parse(JSON.parse(execFileSync(enter, args, { encoding: 'utf8' })));
}

async function invite(name: string): Promise<Answered> {
  return answered(desk.form('/desk/people/invite', { name, role: 'reviewer', unit: '' }));
}

/** Returns the token of the link on a page, or '' if there is none. */
const tokenIn = ({ text }: Answered): string => /\btoken=([\w-]+)/u.exec(text)?.[1] ?? '';

const joining: Omit<Writing, 'found'> = {
  prepare: async (mark) => tokenIn(await invite(`请${mark}`)),
  write: async (mark, token) =>
    answered(
      new DeskClient(desk.origin).form('/desk/invitation', { token, login: mark, name: mark, password: PASSWORD }),
    ),
};
const uploading: Omit<Writing, 'found'> = {
  write: async (mark) => {
    const { status, body } = await desk.upload(remarked(photo, mark));
    return { status, text: JSON.stringify(body) };
  },
};
/** Returns the file name that the desk gave an uploaded photo, or '' if the desk refused it. */
const srcIn = ({ text }: Answered): string => /"src":"([^"]+)"/u.exec(text)?.[1] ?? '';
const count = (statement: string, value: string): number => rows(statement, value).length;

/** For each table the requests that write to it, or the reason why there are none. */
const WRITINGS: Record<string, Writing | readonly Writing[] | string> = {
  notes: {
    write: async (mark) => {
      const note = { content: mark };
      const { status, body } = await desk.call('addNote', {
        collection: 'stories',
        slug: `jiefang/${STORY}/index`,
        note,
      });
      return { status, text: JSON.stringify(body) };
    },
    found: (mark) => count('SELECT 1 FROM notes WHERE text = ?', mark),
  },
  user: { ...joining, found: (mark) => count('SELECT 1 FROM user WHERE username = ?', mark) },
  account: {
    ...joining,
    found: (mark) => count('SELECT 1 FROM account JOIN user ON user.id = account.userId WHERE username = ?', mark),
  },
  session: {
    prepare: async (mark) => {
      const token = tokenIn(await invite(`请${mark}`));
      await new DeskClient(desk.origin).form('/desk/invitation', {
        token,
        login: mark,
        name: mark,
        password: PASSWORD,
      });
      rows('DELETE FROM session WHERE userId = (SELECT id FROM user WHERE username = ?)', mark);
      return '';
    },
    write: async (mark) =>
      answered(new DeskClient(desk.origin).form('/desk/sign-in', { login: mark, password: PASSWORD })),
    found: (mark) => count('SELECT 1 FROM session JOIN user ON user.id = session.userId WHERE username = ?', mark),
  },
  links: [
    { write: invite, found: (mark) => count("SELECT 1 FROM links WHERE kind = 'invitation' AND name = ?", mark) },
    {
      prepare: async (mark) => {
        await joining.write(mark, (await joining.prepare?.(mark)) ?? '');
        return String(rows('SELECT id FROM user WHERE username = ?', mark)[0]?.['id']);
      },
      write: async (_mark, id) => answered(desk.form('/desk/people/link', { id })),
      found: (mark) => count('SELECT 1 FROM links JOIN user ON user.id = account WHERE username = ?', mark),
    },
  ],
  uploads: { ...uploading, found: (_mark, answer) => count('SELECT 1 FROM uploads WHERE src = ?', srcIn(answer)) },
  uploaders: { ...uploading, found: (_mark, answer) => count('SELECT 1 FROM uploaders WHERE src = ?', srcIn(answer)) },
  unsaved_copies: {
    write: async (mark) => {
      const copy = { collection: 'stories', id: `copy-${mark}`, revision: 1, baseId: null, text: mark };
      const { status, body } = await desk.call('keepUnsaved', copy);
      return { status, text: JSON.stringify(body) };
    },
    found: (mark) => count('SELECT 1 FROM unsaved_copies WHERE text = ?', mark),
  },
  originals_unreached: 'is written before a photo is stored, and by maintenance; the rows of uploads stand for both',
  originals_turned: 'is written before a turned photo is stored: without the row it is not',
  originals_damaged: 'is written by checks, and after a read that failed for another reason',
  erasure_requests: 'is written after the withdrawal; what is not noted, the next sweep notes',
  erasures: 'is written before anything is erased: without the row nothing is',
  audit: 'is written after the action: a failure is reported to the server’s log',
  verification: 'belongs to better-auth and is not used here',
  upkeep: 'is written by maintenance, which answers no request',
  secrets: 'is written by the first start only',
  tables: 'is written by starts only',
  sqlite_sequence: 'belongs to SQLite and is written with its tables',
};

const cases = Object.entries(WRITINGS).flatMap(([table, writings]) =>
  typeof writings === 'string' ? [] : [writings].flat().map((writing, way) => ({ table, writing, way })),
);

test('Every table of the database is listed here', () => {
  const tables = rows("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").map(({ name }) => name);
  expect(Object.keys(WRITINGS).sort()).toEqual(tables);
});

test.each(cases)(
  '$table: what is acknowledged is stored, and what is not stored is refused',
  async ({ table, writing, way }) => {
    for (const pages of PAGES_LEFT) {
      const mark = `m${table}${way}${pages}`;
      const prepared = (await writing.prepare?.(mark)) ?? '';
      // The checkpoint empties the write-ahead log: SQLite could reuse its pages without more space.
      rows('PRAGMA wal_checkpoint(TRUNCATE)');
      disk.fill(pages);
      const answer = await writing.write(mark, prepared);
      disk.free();
      const { status, text } = answer;
      const done = status === 200 || status === 303;
      if (!done) expect({ status, text }).toEqual({ status: 507, text: expect.stringContaining('磁盘') });
      expect(writing.found(mark, answer), `${pages} pages, ${status}`).toBe(done ? 1 : 0);
    }
  },
);
