import { hash } from 'node:crypto';

/** A short name for a content: equal only for equal content. */
export function fingerprint(content: string | Uint8Array): string {
  return hash('sha256', content, 'base64url').slice(0, 20);
}
