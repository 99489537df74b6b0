import { hash } from 'node:crypto';

/** Returns a fingerprint of a content: 20 characters (120 bits) of its SHA-256 in base64url. */
export function fingerprint(content: string | Uint8Array): string {
  return hash('sha256', content, 'base64url').slice(0, 20);
}
