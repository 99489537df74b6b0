import { z } from 'zod';
import { ask, post } from '../backend/desk-client.ts';

const comment = z.object({
  id: z.string(),
  /** Name of its author. */
  author: z.string(),
  /** When it was written (ISO 8601). */
  timestamp: z.string(),
  content: z.string(),
  kind: z.enum(['note', 'returned']),
  resolved: z.boolean(),
  /** Written by the editor who is signed in. */
  isOwn: z.boolean(),
});
const commentsResponse = z.object({ notes: z.array(comment) });

/** A comment on an entry, as the desk sends it. */
export type EntryComment = z.output<typeof comment>;

/** Names the entry of a comment, as in the protocol. */
export interface CommentPlace {
  collection: string;
  slug: string;
}

async function call(action: string, params: object): Promise<unknown> {
  return ask('/api/v1', post({ branch: 'main', action, params: { branch: 'main', ...params } }));
}

/**
 * Returns the comments on an entry, oldest first.
 * @throws DeskError with the desk's sentence.
 */
export async function commentsOn(place: CommentPlace): Promise<EntryComment[]> {
  return commentsResponse.parse(await call('getNotes', place)).notes;
}

/**
 * Adds a comment. If it is sent again after its response was lost, the desk keeps it once.
 * @throws DeskError with the desk's sentence.
 */
export async function addComment(place: CommentPlace, content: string): Promise<void> {
  await call('addNote', { ...place, note: { content } });
}

/**
 * Changes the text or the state of a comment.
 * @throws DeskError with the desk's sentence.
 */
export async function updateComment(
  place: CommentPlace,
  id: string,
  updates: { content: string } | { resolved: boolean },
): Promise<void> {
  await call('updateNote', { ...place, noteId: id, updates });
}

/** @throws DeskError with the desk's sentence. */
export async function deleteComment(place: CommentPlace, id: string): Promise<void> {
  await call('deleteNote', { ...place, noteId: id });
}
