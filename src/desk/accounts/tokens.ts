import { createHash, randomBytes } from 'node:crypto';

/** Returns a new secret for a link: 256 random bits. */
export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

/** Returns the hash of a token. Only hashes are stored, so that reading the database does not give working links. */
export function hashOfToken(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
