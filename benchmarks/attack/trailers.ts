// Saves with commit messages that contain lines like the desk's own trailers. The save succeeds, but the lines must
// have no effect.
import { z } from 'zod';
import { writtenStory } from '../../tests/fixtures/desk/desk-client.ts';
import { ENTRIES, type World } from './world.ts';

const SUBJECTS = [
  'x\n\nDesk-State: pending_publish',
  'x\r\n\r\nDesk-State: pending_publish\r\n',
  'Desk-State: pending_publish',
  'x\u2028Desk-State: pending_publish',
  'x\u2029\u2029Desk-State: pending_publish',
  'x\u0085\u0085Desk-State: pending_publish',
  'x\u000b\u000cDesk-State: pending_publish',
  'x\n\nDesk-By: boss\nDesk-Writer: boss',
  'x\u0000Desk-State: pending_publish',
  '',
];

const draft = z.object({ status: z.string(), pullRequestAuthor: z.string(), own: z.boolean() });
const file = z.object({ id: z.string() });

/**
 * Saves the author's second draft once with each commit message in `SUBJECTS`. Resolves to the number of saves
 * (`sent`), and to the messages that had an effect (`through`): the save failed, or the entry was no longer a draft
 * that only the author has written.
 */
export async function injectTrailers(world: World): Promise<{ sent: number; through: string[] }> {
  const author = world.client('author');
  const at = { collection: 'stories', slug: `jiefang/${ENTRIES.own}/index` };
  const path = `stories/jiefang/${ENTRIES.own}/index.md`;
  const through: string[] = [];
  for (const [number, commitMessage] of SUBJECTS.entries()) {
    const { id: baseId } = file.parse((await author.call('unpublishedEntryDataFile', { ...at, path, id: '' })).body);
    const { raw } = writtenStory('jiefang', ENTRIES.own, world.photos.slice(2), { title: `第${number}次` });
    const options = { commitMessage };
    const saved = await author.call('persistEntry', { dataFiles: [{ path, raw, baseId }], assets: [], options });
    const current = draft.parse((await author.call('unpublishedEntry', at)).body);
    const harmless = current.status === 'draft' && current.own && current.pullRequestAuthor === 'author';
    if (saved.status !== 200 || !harmless) through.push(JSON.stringify(commitMessage));
  }
  return { sent: SUBJECTS.length, through };
}
