// Starts attacks on the desk in a separate process, so that the attacker's work does not delay the readers' requests.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const HOST = fileURLToPath(new URL('./attack-host.ts', import.meta.url));

/** The kinds of attack: by strangers who send passwords, or by an author who sends the worst texts. */
export const attack = z.discriminatedUnion('by', [
  z.object({ by: z.literal('strangers'), origin: z.string() }),
  z.object({ by: z.literal('author'), origin: z.string(), cookie: z.string(), unit: z.string(), round: z.int() }),
]);
export type Attack = z.infer<typeof attack>;

/** Numbers of responses, by kind and status. */
const counts = z.record(z.string(), z.number());

/**
 * Attacks the desk while `work` runs. Resolves to the result of `work` (`answer`), and to the numbers of responses to
 * the attacker, by kind and status (`answers`).
 */
export async function attacked<Answer>(
  by: Attack,
  work: () => Promise<Answer>,
): Promise<{ answer: Answer; answers: Record<string, number> }> {
  const host = fork(HOST, { execArgv: [] });
  const ended = once(host, 'exit');
  try {
    host.send(by);
    // The preparation of the attack is not measured.
    await once(host, 'message');
    const answer = await work();
    const said = once(host, 'message');
    host.send('stop');
    const [answers]: unknown[] = await said;
    return { answer, answers: counts.parse(answers) };
  } finally {
    host.kill('SIGKILL');
    await ended;
  }
}
