import { createHash, randomBytes } from 'node:crypto';

/** A secret that stands in a link. */
export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

/** Tokens are kept as hashes: who reads the database cannot use the links; and to compare hashes tells nothing by its time. */
export function hashOfToken(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
