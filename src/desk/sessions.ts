import { createHash, randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';

/** Somebody who is signed in. */
export interface Editor {
  id: string;
  login: string;
  /** As it stands in commits and in sentences to others. */
  name: string;
  /** Whether he or she may waive an error of a photo, as reviewers may. */
  mayExempt: boolean;
}

/** Where the desk learns who asks: the seam for accounts and roles. */
export interface Sessions {
  /** Who a session token belongs to; undefined: nobody, or no longer. */
  editorOf(token: string | undefined): Editor | undefined;
  /** Exchanges the token of a sign-in link for a session token; undefined: the link is used or wrong. */
  signIn(linkToken: string): { token: string; seconds: number } | undefined;
  signOut(token: string): void;
}

/** How long a session lasts, in seconds: a working week, so that nobody is thrown out while writing. */
const SESSION_SECONDS = 7 * 24 * 3600;

const editorRow = z.object({ editor: z.string(), expires: z.number() });
const storedEditor = z.object({
  id: z.string(),
  login: z.string(),
  name: z.string(),
  mayExempt: z.boolean().default(false),
});

/** Tokens are kept as hashes: who reads the database cannot sign in with it. */
function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}

function newToken(): string {
  return randomBytes(32).toString('base64url');
}

/** One local editor, who signs in with the link that the start of the server prints. It works once. */
export class LocalSessions implements Sessions {
  readonly #database: DatabaseSync;
  readonly #editor: Editor;
  #link: string | undefined;

  constructor(database: DatabaseSync, editor: Editor) {
    this.#database = database;
    this.#editor = editor;
    database.prepare('DELETE FROM sessions WHERE expires < ?').run(Date.now());
  }

  /** The token of a new sign-in link; an older one no longer works. */
  issueLink(): string {
    const token = newToken();
    this.#link = hashOf(token);
    return token;
  }

  editorOf(token: string | undefined): Editor | undefined {
    if (token === undefined) return undefined;
    const found = this.#database.prepare('SELECT editor, expires FROM sessions WHERE token = ?').get(hashOf(token));
    if (!found) return undefined;
    const { editor, expires } = editorRow.parse(found);
    return expires > Date.now() ? storedEditor.parse(JSON.parse(editor)) : undefined;
  }

  signIn(linkToken: string): { token: string; seconds: number } | undefined {
    // Hashes are compared, so the time that takes says nothing of the token.
    if (this.#link === undefined || hashOf(linkToken) !== this.#link) return undefined;
    this.#link = undefined;
    const token = newToken();
    this.#database
      .prepare('INSERT INTO sessions VALUES (?, ?, ?)')
      .run(hashOf(token), JSON.stringify(this.#editor), Date.now() + SESSION_SECONDS * 1000);
    return { token, seconds: SESSION_SECONDS };
  }

  signOut(token: string): void {
    this.#database.prepare('DELETE FROM sessions WHERE token = ?').run(hashOf(token));
  }
}
