import { z } from 'zod';
import { ask } from './desk-client.ts';

const editor = z.object({ name: z.string(), login: z.string(), mayExempt: z.boolean().default(false) });

/** Who is signed in here. */
export type Me = z.output<typeof editor>;

let current: Me = { name: '', login: '', mayExempt: false };

/** Asks the desk who is signed in. Rejects with its sentence where nobody is. */
export async function learnMe(): Promise<Me> {
  current = editor.parse(await ask('/api/me'));
  return current;
}

export function me(): Me {
  return current;
}
