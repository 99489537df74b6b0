import { createHash, randomBytes } from 'node:crypto';

/** Returns a new random token: 256 bits, in Base64url. */
export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

/**
 * Returns the SHA-256 of a link's token, in Base64url. The database contains only these hashes, so that nobody who
 * reads it gets working links.
 */
export function hashOfToken(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
