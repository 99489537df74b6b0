import { hash } from 'node:crypto';

/** Returns the fingerprint of a text or of bytes: the first 20 characters (120 bits) of the SHA-256 in base64url. */
export function fingerprint(content: string | Uint8Array): string {
  return hash('sha256', content, 'base64url').slice(0, 20);
}
