import { fork } from 'node:child_process';
import { on, once } from 'node:events';
import { join } from 'node:path';
import { z } from 'zod';
import { Footprint, type Taken } from './footprint.ts';

const made = z.object({ indexing: z.number(), oneMore: z.number().optional() });
/** `compressing`: duration in milliseconds; `size`: bytes of all files of the index as sent. */
const sent = z.object({ compressing: z.number(), size: z.number() });

/** The measurements of one index; times in milliseconds. */
export interface IndexRun extends z.output<typeof made>, z.output<typeof sent> {
  /**
   * Resources used by all processes that built the index. Indexing one more story is included, compression is not.
   * Undefined on systems without /proc.
   */
  taken: Taken | undefined;
}

/**
 * Builds an index from a file of entries, in a new process and in the folder for readers. Resolves to its measurements.
 * @throws Error if the process exits early.
 */
export async function runIndexer(name: string, entries: string, folder: string): Promise<IndexRun> {
  const child = fork(join(import.meta.dirname, 'index-host.ts'), [name, entries, folder]);
  const exited = once(child, 'exit');
  const messages = on(child, 'message', { close: ['disconnect'] });
  const receive = async (): Promise<unknown> => {
    const { done, value } = await messages.next();
    if (done === true) throw new Error(`Indexing for ${name} has ended early: see the error above.`);
    const [message]: unknown[] = value;
    return message;
  };
  await receive();
  const footprint = new Footprint(child.pid ?? 0);
  try {
    const figures = made.parse(await receive());
    const taken = footprint.end();
    const compressed = sent.parse(await receive());
    await exited;
    return { ...figures, ...compressed, taken };
  } finally {
    footprint.end();
  }
}
