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

/** The editor who is signed in: name, login, role, unit (authors), and whether they may exempt photos. */
export type CurrentEditor = z.output<typeof editor> & EditorPosition;

let current: CurrentEditor = { name: '', login: '', role: 'author', mayExempt: false };

/**
 * Loads the editor who is signed in, stores them for `currentEditor` and sets `data-role` of the body (look/roles.css).
 * @throws DeskError with the desk's sentence if nobody is signed in or the desk cannot be reached.
 */
export async function loadCurrentEditor(): Promise<CurrentEditor> {
  current = editor.parse(await ask('/api/me'));
  document.body.dataset['role'] = current.role;
  return current;
}

/** Returns the editor last loaded; before that, a nameless author without a unit. */
export function currentEditor(): CurrentEditor {
  return current;
}
