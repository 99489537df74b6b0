// Attacks on the desk, each from a process of its own, so that what it costs the attacker is no reader's wait.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const HOST = fileURLToPath(new URL('./attack-host.ts', import.meta.url));

/** Who attacks what: strangers who ask for new passwords, or an author with the worst texts. */
export const attack = z.discriminatedUnion('by', [
  z.object({ by: z.literal('strangers'), origin: z.string() }),
  z.object({ by: z.literal('author'), origin: z.string(), cookie: z.string(), unit: z.string(), round: z.int() }),
]);
export type Attack = z.infer<typeof attack>;

/** What came back: how often each answer. */
const told = z.record(z.string(), z.number());

/** Attacks until `work` is done; answers what it has, and how often the attacker was answered what. */
export async function attacked<Answer>(
  by: Attack,
  work: () => Promise<Answer>,
): Promise<{ answer: Answer; answers: Record<string, number> }> {
  const host = fork(HOST, { execArgv: [] });
  const ended = once(host, 'exit');
  try {
    host.send(by);
    // What is prepared before the attack is no part of it.
    await once(host, 'message');
    const answer = await work();
    const said = once(host, 'message');
    host.send('enough');
    const [answers]: unknown[] = await said;
    return { answer, answers: told.parse(answers) };
  } finally {
    host.kill('SIGKILL');
    await ended;
  }
}
