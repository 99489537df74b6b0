import { fork } from 'node:child_process';
import { on, once } from 'node:events';
import { join } from 'node:path';
import { z } from 'zod';
import { Footprint, type Taken } from './footprint.ts';

const made = z.object({ indexing: z.number(), oneMore: z.number().optional() });
/** `size`: bytes of all its files. */
const sent = z.object({ compressing: z.number(), size: z.number() });

/** An index that has been made; times in milliseconds. */
export interface IndexRun extends z.output<typeof made>, z.output<typeof sent> {
  /** By all its processes for making it, one more story included; undefined: this system does not tell. */
  taken: Taken | undefined;
}

/** Lets a new process make an index of a file of entries, for a folder that readers get. Rejects where it fails. */
export async function runIndexer(name: string, entries: string, folder: string): Promise<IndexRun> {
  const child = fork(join(import.meta.dirname, 'index-host.ts'), [name, entries, folder]);
  const exited = once(child, 'exit');
  const messages = on(child, 'message', { close: ['disconnect'] });
  const hear = async (): Promise<unknown> => {
    const { done, value } = await messages.next();
    if (done === true) throw new Error(`Indexing for ${name} has ended early: see the error above.`);
    const [message]: unknown[] = value;
    return message;
  };
  await hear();
  const footprint = new Footprint(child.pid ?? 0);
  try {
    const said = made.parse(await hear());
    const taken = footprint.end();
    const compressed = sent.parse(await hear());
    await exited;
    return { ...said, ...compressed, taken };
  } finally {
    footprint.end();
  }
}
