import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { commentFault, commentText } from '../../model/comment.ts';
import type { EntryRef } from '../domain/entry-ref.ts';
import type { Editor } from '../domain/editor.ts';
import { Refusal } from '../domain/refusal.ts';

const stored = z.object({
  id: z.number().transform(String),
  /** Login of the comment's author. `name` is the author's name when the comment was written. */
  login: z.string(),
  name: z.string(),
  /** When the comment was written, ISO 8601. */
  at: z.string(),
  text: z.string(),
  /** `note`: an ordinary comment. `returned`: the reason why the entry was returned to its author. */
  kind: z.enum(['note', 'returned']),
  resolved: z.coerce.boolean(),
});

/** A comment on an entry. */
export type EntryComment = z.output<typeof stored>;

/** The author of a comment. */
export type CommentAuthor = Pick<Editor, 'login' | 'name'>;

const COLUMNS = 'id, login, name, at, text, kind, resolved';

/** Returns the key of an entry in the table of comments. It does not depend on the entry's drafts. */
function entryKey({ collection, key }: Pick<EntryRef, 'collection' | 'key'>): string {
  return `${collection}/${key}`;
}

/**
 * Returns a comment's text in the form that is stored: trimmed, with line feeds only.
 * @throws Refusal 422 if the text is empty, too long or has control characters.
 */
function requireText(written: string): string {
  const fault = commentFault(written);
  if (fault !== undefined) throw new Refusal(422, `${fault}。没有保存。`);
  return commentText(written);
}

/**
 * The comments of authors and reviewers on entries. A comment belongs to an entry, not to one of its drafts: it stays
 * when a draft is published or deleted. The caller checks who may see comments.
 */
export class Comments {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
    database.exec(`
      CREATE TABLE IF NOT EXISTS notes (
        id INTEGER PRIMARY KEY AUTOINCREMENT, entry TEXT NOT NULL, login TEXT NOT NULL, name TEXT NOT NULL,
        at TEXT NOT NULL, text TEXT NOT NULL, kind TEXT NOT NULL, resolved INTEGER NOT NULL DEFAULT 0
      );
      CREATE INDEX IF NOT EXISTS notes_by_entry ON notes (entry, at, id);
    `);
  }

  /** Returns the comments on an entry, oldest first. */
  of(entry: EntryRef): EntryComment[] {
    const rows = this.#database
      .prepare(`SELECT ${COLUMNS} FROM notes WHERE entry = ? ORDER BY at, id`)
      .all(entryKey(entry));
    return rows.map((row) => stored.parse(row));
  }

  /**
   * Adds a comment and returns it. If the entry's last comment has the same author and the same text and is open,
   * returns that comment instead: the request is then a repetition, because the first response was lost.
   * @throws Refusal 422 if the text is empty, too long or has control characters.
   */
  add(entry: EntryRef, written: string, writer: CommentAuthor): EntryComment {
    const text = requireText(written);
    const last = this.of(entry).at(-1);
    if (last?.login === writer.login && last.kind === 'note' && last.text === text && !last.resolved) return last;
    return this.#insert(entry, text, 'note', writer);
  }

  /**
   * Adds the reason why an entry was returned to its author, as a comment that nobody can change or delete. Control
   * characters become spaces. Returns the comment.
   */
  addReturn(entry: EntryRef, reason: string, reviewer: CommentAuthor): EntryComment {
    return this.#insert(entry, commentText(reason.replace(/\p{Cc}/gu, ' ')), 'returned', reviewer);
  }

  /**
   * Changes the text of a comment and returns the comment.
   * @throws Refusal 404 if the entry has no such comment; 403 if another person wrote it, or it is the reason of a
   * return; 422 if the text is not valid.
   */
  change(entry: EntryRef, id: string, written: string, writer: CommentAuthor): EntryComment {
    this.#requireOwn(entry, id, writer, '修改');
    this.#database.prepare('UPDATE notes SET text = ? WHERE id = ?').run(requireText(written), Number(id));
    return this.#require(entry, id);
  }

  /**
   * Marks a comment as resolved or open, and returns it. Everybody who sees the comment may do this.
   * @throws Refusal 404 if the entry has no such comment.
   */
  resolve(entry: EntryRef, id: string, resolved: boolean): EntryComment {
    this.#require(entry, id);
    this.#database.prepare('UPDATE notes SET resolved = ? WHERE id = ?').run(resolved ? 1 : 0, Number(id));
    return this.#require(entry, id);
  }

  /**
   * Deletes a comment.
   * @throws Refusal 404 if the entry has no such comment; 403 if another person wrote it, or it is the reason of a
   * return.
   */
  remove(entry: EntryRef, id: string, writer: CommentAuthor): void {
    this.#requireOwn(entry, id, writer, '删除');
    this.#database.prepare('DELETE FROM notes WHERE id = ?').run(Number(id));
  }

  #insert(entry: EntryRef, text: string, kind: EntryComment['kind'], { login, name }: CommentAuthor): EntryComment {
    const { lastInsertRowid } = this.#database
      .prepare('INSERT INTO notes (entry, login, name, at, text, kind) VALUES (?, ?, ?, ?, ?, ?)')
      .run(entryKey(entry), login, name, new Date().toISOString(), text, kind);
    return this.#require(entry, String(lastInsertRowid));
  }

  #require(entry: EntryRef, id: string): EntryComment {
    const row = /^\d{1,15}$/u.test(id)
      ? this.#database
          .prepare(`SELECT ${COLUMNS} FROM notes WHERE id = ? AND entry = ?`)
          .get(Number(id), entryKey(entry))
      : undefined;
    if (!row) throw new Refusal(404, '这一篇没有这条批注：可能刚刚被删除了。请刷新页面再看。');
    return stored.parse(row);
  }

  #requireOwn(entry: EntryRef, id: string, writer: CommentAuthor, action: string): void {
    const { login, name, kind } = this.#require(entry, id);
    if (kind === 'returned') throw new Refusal(403, `退回的理由不能${action}。处理好了，可以标为“已处理”。`);
    if (login !== writer.login)
      throw new Refusal(403, `这条批注是${name}写的，只有本人能${action}。您可以另写一条回复。`);
  }
}
