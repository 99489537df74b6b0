import { createHash, hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { PosterFacts } from '../model/view-models.ts';
import { DESIGN } from './composition.ts';

let typefaces: string | undefined;

/** Returns the fingerprint of the font files. Reads the files only at the first call. */
function typefacesFingerprint(): string {
  if (typefaces !== undefined) return typefaces;
  const digest = createHash('sha256');
  for (const name of ['song-bold', 'song-medium']) {
    digest.update(readFileSync(new URL(`./font/${name}.ttf.br`, import.meta.url)));
  }
  return (typefaces = digest.digest('base64url'));
}

/**
 * Returns the fingerprint of everything from which a poster is drawn, 20 characters. It changes only if the picture may
 * change.
 */
export function posterVersionOf(facts: PosterFacts): string {
  return hash('sha256', JSON.stringify([DESIGN, typefacesFingerprint(), facts]), 'base64url').slice(0, 20);
}
