// The jobs of one person run one at a time and do not wait for the jobs of other people. Of several waiting previews
// only the newest is made.
import { expect, test } from 'vitest';
import { Refusal } from '../../src/desk/domain/refusal.ts';
import { Turns } from '../../src/desk/texts/per-person-queue.ts';

/** Makes jobs that finish when the test says so, and records their starts and ends. */
class Bench {
  readonly events: string[] = [];
  readonly #ends = new Map<string, () => void>();

  work(name: string): () => Promise<string> {
    return async () => {
      this.events.push(`${name} begins`);
      await new Promise<void>((resolve) => this.#ends.set(name, resolve));
      this.events.push(`${name} ends`);
      return name;
    };
  }

  end(name: string): void {
    this.#ends.get(name)?.();
  }
}

/** Waits until all promise callbacks that can run have run. */
async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

test('The jobs of one person run one after another', async () => {
  const [turns, bench] = [new Turns(), new Bench()];
  const [one, two] = [turns.take('zhao', bench.work('1')), turns.take('zhao', bench.work('2'))];
  await settled();
  expect(bench.events).toEqual(['1 begins']);
  bench.end('1');
  expect(await one).toBe('1');
  await settled();
  bench.end('2');
  expect(await two).toBe('2');
  expect(bench.events).toEqual(['1 begins', '1 ends', '2 begins', '2 ends']);
});

test('Nobody waits for the jobs of another person', async () => {
  const [turns, bench] = [new Turns(), new Bench()];
  const ten = Array.from({ length: 10 }, (_, at) => turns.take('zhao', bench.work(`zhao ${at}`)));
  const own = turns.take('qian', bench.work('qian'));
  await settled();
  expect(bench.events).toEqual(['zhao 0 begins', 'qian begins']);
  bench.end('qian');
  expect(await own).toBe('qian');
  for (let at = 0; at < 10; at += 1) {
    bench.end(`zhao ${at}`);
    await settled();
  }
  expect(await Promise.all(ten)).toHaveLength(10);
});

test('A waiting job is replaced by a newer one of the same name and rejected at once, and a running job is finished', async () => {
  const [turns, bench] = [new Turns(), new Bench()];
  const ask = (name: string, newest: string) => turns.take('zhao', bench.work(name), { newest });
  const running = ask('running', 'story');
  await settled();
  const [old, other, newer] = [ask('old', 'story'), ask('other', 'another story'), ask('new', 'story')];
  await expect(old).rejects.toMatchObject({ status: 409, message: expect.stringContaining('只做最新的一次') });
  expect(bench.events).toEqual(['running begins']);
  for (const name of ['running', 'other', 'new']) {
    bench.end(name);
    await settled();
  }
  expect(await Promise.all([running, other, newer])).toEqual(['running', 'other', 'new']);
  expect(bench.events.filter((event) => event.startsWith('old'))).toEqual([]);
});

test('A failed job does not keep others waiting', async () => {
  const turns = new Turns();
  const failing = turns.take('zhao', async () => Promise.reject(new Error('no')), { newest: 'story' });
  const next = turns.take('zhao', async () => 'next');
  await expect(failing).rejects.toThrow('no');
  expect(await next).toBe('next');
});

test('A person with a hundred waiting jobs is refused another, and other people are not', async () => {
  const [turns, bench] = [new Turns(), new Bench()];
  const many = Array.from({ length: 101 }, (_, at) => turns.take('zhao', bench.work(`${at}`)));
  await settled();
  await expect(turns.take('zhao', async () => 'more')).rejects.toBeInstanceOf(Refusal);
  expect(await turns.take('qian', async () => 'own')).toBe('own');
  for (let at = 0; at < 101; at += 1) {
    bench.end(`${at}`);
    await settled();
  }
  expect(await Promise.all(many)).toHaveLength(101);
});
