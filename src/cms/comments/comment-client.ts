import { z } from 'zod';
import { ask, post } from '../backend/desk-client.ts';

const note = z.object({
  id: z.string(),
  /** The name of who wrote it. */
  author: z.string(),
  /** When it was written, ISO 8601. */
  timestamp: z.string(),
  content: z.string(),
  kind: z.enum(['note', 'returned']),
  resolved: z.boolean(),
  /** It was written by whoever is signed in here. */
  isOwn: z.boolean(),
});
const notes = z.object({ notes: z.array(note) });

/** Something that was said on an entry, as the desk tells it. */
export type EntryComment = z.output<typeof note>;

/** An entry as the protocol names it. */
export interface CommentPlace {
  collection: string;
  slug: string;
}

async function call(action: string, params: object): Promise<unknown> {
  return ask('/api/v1', post({ branch: 'main', action, params: { branch: 'main', ...params } }));
}

/** The notes on an entry, oldest first. Rejects with the desk's sentence. */
export async function commentsOn(place: CommentPlace): Promise<EntryComment[]> {
  return notes.parse(await call('getNotes', place)).notes;
}

/** Adds a note; sent again after its answer was lost, it is there once. Rejects with the desk's sentence. */
export async function addComment(place: CommentPlace, content: string): Promise<void> {
  await call('addNote', { ...place, note: { content } });
}

/** Changes words or state of a note. Rejects with the desk's sentence. */
export async function updateComment(
  place: CommentPlace,
  noteId: string,
  updates: { content: string } | { resolved: boolean },
): Promise<void> {
  await call('updateNote', { ...place, noteId, updates });
}

/** Rejects with the desk's sentence. */
export async function deleteComment(place: CommentPlace, noteId: string): Promise<void> {
  await call('deleteNote', { ...place, noteId });
}
