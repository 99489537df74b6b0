import { z } from 'zod';
import { role, type EditorPosition } from '../../model/roles.ts';
import { ask } from './desk-client.ts';

const editor = z.object({
  name: z.string(),
  login: z.string(),
  role,
  unit: z.string().optional(),
  mayExempt: z.boolean(),
});

/** The editor who is signed in. */
export type CurrentEditor = z.output<typeof editor> & EditorPosition;

let current: CurrentEditor = { name: '', login: '', role: 'author', mayExempt: false };

/**
 * Loads the editor who is signed in.
 * @throws DeskError with the desk's sentence if nobody is.
 */
export async function loadCurrentEditor(): Promise<CurrentEditor> {
  current = editor.parse(await ask('/api/me'));
  document.body.dataset['role'] = current.role;
  return current;
}

export function currentEditor(): CurrentEditor {
  return current;
}
