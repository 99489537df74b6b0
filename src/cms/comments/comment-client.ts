import { z } from 'zod';
import { ask, post } from '../backend/desk-client.ts';

const comment = z.object({
  id: z.string(),
  /** Name of the editor who wrote the comment. */
  author: z.string(),
  /** Time at which the comment was written (ISO 8601). */
  timestamp: z.string(),
  content: z.string(),
  kind: z.enum(['note', 'returned']),
  resolved: z.boolean(),
  /** Whether the editor who is signed in wrote the comment. */
  isOwn: z.boolean(),
});
const commentsResponse = z.object({ notes: z.array(comment) });

/**
 * A comment on an entry, as sent by the desk. `kind`: `note` is an ordinary comment, `returned` the reason why a draft
 * was sent back.
 */
export type EntryComment = z.output<typeof comment>;

/** The entry that a comment belongs to, as named in the desk's protocol. */
export interface CommentPlace {
  collection: string;
  slug: string;
}

async function call(action: string, params: object): Promise<unknown> {
  return ask('/api/v1', post({ branch: 'main', action, params: { branch: 'main', ...params } }));
}

/**
 * Resolves to the comments on an entry, oldest first.
 * @throws DeskError with the desk's sentence if the desk refuses or cannot be reached.
 */
export async function commentsOn(place: CommentPlace): Promise<EntryComment[]> {
  return commentsResponse.parse(await call('getNotes', place)).notes;
}

/**
 * Adds a comment. If the same comment is sent again because the response was lost, the desk stores it once.
 * @throws DeskError with the desk's sentence if the desk refuses or cannot be reached.
 */
export async function addComment(place: CommentPlace, content: string): Promise<void> {
  await call('addNote', { ...place, note: { content } });
}

/**
 * Changes the text of a comment, or whether it is resolved.
 * @throws DeskError with the desk's sentence if the desk refuses or cannot be reached.
 */
export async function updateComment(
  place: CommentPlace,
  id: string,
  updates: { content: string } | { resolved: boolean },
): Promise<void> {
  await call('updateNote', { ...place, noteId: id, updates });
}

/**
 * Deletes a comment.
 * @throws DeskError with the desk's sentence if the desk refuses or cannot be reached.
 */
export async function deleteComment(place: CommentPlace, id: string): Promise<void> {
  await call('deleteNote', { ...place, noteId: id });
}

const listeners = new Set<() => void>();

/** Calls a function when another part of the form has changed the comments. Returns a function that ends this. */
export function onComments(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** Tells the list of comments that another part of the form has changed them. */
export function announceComments(): void {
  for (const listener of listeners) listener();
}
