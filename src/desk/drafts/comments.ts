import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { commentFault, commentText } from '../../model/note.ts';
import type { EntryRef } from '../domain/entry-ref.ts';
import type { Editor } from '../domain/editor.ts';
import { Refusal } from '../domain/refusal.ts';

const stored = z.object({
  id: z.number().transform(String),
  /** Login and name of who wrote it; the name as it was then. */
  login: z.string(),
  name: z.string(),
  /** When it was written, ISO 8601. */
  at: z.string(),
  text: z.string(),
  /** `returned`: why the entry was returned to its author. */
  kind: z.enum(['note', 'returned']),
  resolved: z.coerce.boolean(),
});

/** Something that was said on an entry. */
export type EntryComment = z.output<typeof stored>;

/** Who writes a note. */
export type CommentAuthor = Pick<Editor, 'login' | 'name'>;

const COLUMNS = 'id, login, name, at, text, kind, resolved';

/** How notes name an entry: whatever becomes of its drafts, this stays. */
function keyOf({ collection, key }: Pick<EntryRef, 'collection' | 'key'>): string {
  return `${collection}/${key}`;
}

/** A note's text as it is kept. Throws a Refusal (422) where it is none. */
function requireText(written: string): string {
  const fault = commentFault(written);
  if (fault !== undefined) throw new Refusal(422, `${fault}。没有保存。`);
  return commentText(written);
}

/**
 * What author and reviewers say to one another on an entry. Notes belong to the entry, not to one of its drafts: they
 * stay when a draft is published or deleted. Who may see an entry's notes is decided before anything here is asked.
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

  /** The notes on an entry, oldest first. */
  of(entry: EntryRef): EntryComment[] {
    const rows = this.#database
      .prepare(`SELECT ${COLUMNS} FROM notes WHERE entry = ? ORDER BY at, id`)
      .all(keyOf(entry));
    return rows.map((row) => stored.parse(row));
  }

  /**
   * Adds a note in its writer's name. What its writer has said last already, word for word, and what is still open, is
   * not said twice: the answer to it was lost. Throws a Refusal (422): empty, too long, with control characters.
   */
  add(entry: EntryRef, written: string, writer: CommentAuthor): EntryComment {
    const text = requireText(written);
    const last = this.of(entry).at(-1);
    if (last?.login === writer.login && last.kind === 'note' && last.text === text && !last.resolved) return last;
    return this.#insert(entry, text, 'note', writer);
  }

  /** Keeps why an entry was returned to its author. Nobody changes or deletes this. */
  returned(entry: EntryRef, reason: string, reviewer: CommentAuthor): EntryComment {
    return this.#insert(entry, commentText(reason.replace(/\p{Cc}/gu, ' ')), 'returned', reviewer);
  }

  /** Changes the words of a note. Throws a Refusal: not this entry's (404), not this writer's (403), no text (422). */
  change(entry: EntryRef, id: string, written: string, writer: CommentAuthor): EntryComment {
    this.#requireOwn(entry, id, writer, '修改');
    this.#database.prepare('UPDATE notes SET text = ? WHERE id = ?').run(requireText(written), Number(id));
    return this.#require(entry, id);
  }

  /** Marks a note as dealt with or as open; whoever sees it may. Throws a Refusal (404): not this entry's. */
  resolve(entry: EntryRef, id: string, resolved: boolean): EntryComment {
    this.#require(entry, id);
    this.#database.prepare('UPDATE notes SET resolved = ? WHERE id = ?').run(resolved ? 1 : 0, Number(id));
    return this.#require(entry, id);
  }

  /** Deletes a note. Throws a Refusal: not this entry's (404), not this writer's (403). */
  remove(entry: EntryRef, id: string, writer: CommentAuthor): void {
    this.#requireOwn(entry, id, writer, '删除');
    this.#database.prepare('DELETE FROM notes WHERE id = ?').run(Number(id));
  }

  #insert(entry: EntryRef, text: string, kind: EntryComment['kind'], { login, name }: CommentAuthor): EntryComment {
    const { lastInsertRowid } = this.#database
      .prepare('INSERT INTO notes (entry, login, name, at, text, kind) VALUES (?, ?, ?, ?, ?, ?)')
      .run(keyOf(entry), login, name, new Date().toISOString(), text, kind);
    return this.#require(entry, String(lastInsertRowid));
  }

  #require(entry: EntryRef, id: string): EntryComment {
    const row = /^\d{1,15}$/u.test(id)
      ? this.#database.prepare(`SELECT ${COLUMNS} FROM notes WHERE id = ? AND entry = ?`).get(Number(id), keyOf(entry))
      : undefined;
    if (!row) throw new Refusal(404, '这一篇没有这条批注：可能刚刚被删除了。请刷新页面再看。');
    return stored.parse(row);
  }

  #requireOwn(entry: EntryRef, id: string, writer: CommentAuthor, deed: string): void {
    const { login, name, kind } = this.#require(entry, id);
    if (kind === 'returned') throw new Refusal(403, `退回的理由不能${deed}。处理好了，可以标为“已处理”。`);
    if (login !== writer.login)
      throw new Refusal(403, `这条批注是${name}写的，只有本人能${deed}。您可以另写一条回复。`);
  }
}
