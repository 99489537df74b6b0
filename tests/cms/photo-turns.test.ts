// Presses of the buttons that turn a photo, while the desk turns it.
import { expect, test } from 'vitest';
import { DeskError } from '../../src/cms/backend/desk-client.ts';
import { PhotoTurns } from '../../src/cms/photos/photo-turns.ts';
import type { UploadedPhoto } from '../../src/cms/photos/upload.ts';

interface Request {
  src: string;
  quarters: number;
  answer: (photo: UploadedPhoto) => void;
  fail: (error: unknown) => void;
}

/**
 * Returns turns whose requests the test answers, and a log of the calls of the control. `takes`: whether the control can
 * replace a photo by the turned one.
 */
function turning({ takes = true } = {}) {
  const requests: Request[] = [];
  const log: string[] = [];
  const turns = new PhotoTurns({
    request: async (src, quarters) =>
      new Promise((answer, fail) => {
        requests.push({ src, quarters, answer, fail });
      }),
    turned: (src, photo) => {
      log.push(`${src} -> ${photo.src}`);
      return takes;
    },
    failed: (src, sentence) => log.push(`${src}: ${sentence}`),
    changed: () => undefined,
  });
  /** Answers the last request, and waits until the answer has been taken. */
  const settle = async (give: (request: Request) => void): Promise<void> => {
    const last = requests.at(-1);
    if (last) give(last);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { turns, log, settle, asked: () => requests.map(({ src, quarters }) => `${src} ${quarters}`) };
}

const uploaded = (src: string): UploadedPhoto => ({ src, width: 1, height: 1, size: 1, findings: [] });

test.each([
  [1, 1],
  [-1, 3],
  [2, 2],
  [-5, 3],
])('A press of %i quarter turns asks the desk for %i to the right', async (by, quarters) => {
  const { turns, log, settle, asked } = turning();
  turns.turn('a.jpg', by);
  expect([turns.pendingOf('a.jpg'), turns.turning]).toEqual([quarters, ['a.jpg']]);
  await settle(({ answer }) => answer(uploaded('b.jpg')));
  expect(asked()).toEqual([`a.jpg ${quarters}`]);
  expect(log).toEqual(['a.jpg -> b.jpg']);
  expect([turns.pendingOf('b.jpg'), turns.turning]).toEqual([0, []]);
});

test('Presses while the desk turns are added up and made in one more turn', async () => {
  const { turns, log, settle, asked } = turning();
  turns.turn('a.jpg', 1);
  turns.turn('a.jpg', 1);
  turns.turn('a.jpg', 1);
  expect(turns.pendingOf('a.jpg')).toBe(3);
  await settle(({ answer }) => answer(uploaded('b.jpg')));
  expect([turns.pendingOf('b.jpg'), turns.turning]).toEqual([2, ['b.jpg']]);
  await settle(({ answer }) => answer(uploaded('c.jpg')));
  expect(asked()).toEqual(['a.jpg 1', 'b.jpg 2']);
  expect(log).toEqual(['a.jpg -> b.jpg', 'b.jpg -> c.jpg']);
  expect(turns.turning).toEqual([]);
});

test('Presses that cancel each other ask for nothing more', async () => {
  const { turns, settle, asked } = turning();
  turns.turn('a.jpg', 1);
  for (const by of [1, -1, 4]) turns.turn('a.jpg', by);
  await settle(({ answer }) => answer(uploaded('b.jpg')));
  expect(asked()).toEqual(['a.jpg 1']);
  expect(turns.turning).toEqual([]);
});

test('A photo that could not be replaced by the turned one is not turned on', async () => {
  const { turns, settle, asked } = turning({ takes: false });
  turns.turn('a.jpg', 1);
  turns.turn('a.jpg', 1);
  await settle(({ answer }) => answer(uploaded('b.jpg')));
  expect([asked(), turns.turning]).toEqual([['a.jpg 1'], []]);
});

test('Two photos are turned beside each other', async () => {
  const { turns, log, settle, asked } = turning();
  turns.turn('a.jpg', 1);
  turns.turn('x.jpg', -1);
  expect(asked()).toEqual(['a.jpg 1', 'x.jpg 3']);
  await settle(({ answer }) => answer(uploaded('y.jpg')));
  expect([log, turns.turning]).toEqual([['x.jpg -> y.jpg'], ['a.jpg']]);
});

test.each([
  ['the desk’s sentence', new DeskError('只有 JPG 格式的照片可以在这里转。', 422), '只有 JPG 格式的照片可以在这里转。'],
  ['another error', new Error('no'), '编辑台没有转成。请再试一次。'],
])('A photo that is not turned stays as it is, with %s', async (_name, error, sentence) => {
  const { turns, log, settle } = turning();
  turns.turn('a.jpg', 1);
  turns.turn('a.jpg', 1);
  await settle(({ fail }) => fail(error));
  expect(log).toEqual([`a.jpg: ${sentence}`]);
  expect([turns.pendingOf('a.jpg'), turns.turning]).toEqual([0, []]);
});

test('What comes after the entry was left is ignored', async () => {
  for (const end of [
    ({ answer }: Request) => answer(uploaded('b.jpg')),
    ({ fail }: Request) => fail(new Error('no')),
  ]) {
    const { turns, log, settle } = turning();
    turns.turn('a.jpg', 1);
    turns.stop();
    await settle(end);
    expect(log).toEqual([]);
  }
});
