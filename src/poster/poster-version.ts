import { createHash, hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { PosterFacts } from '../model/view-models.ts';
import { DESIGN } from './composition.ts';

let typefaces: string | undefined;

/** Returns a fingerprint of the typefaces' files; reads them once. */
function typefacesFingerprint(): string {
  if (typefaces !== undefined) return typefaces;
  const digest = createHash('sha256');
  for (const name of ['song-bold', 'song-medium']) {
    digest.update(readFileSync(new URL(`./font/${name}.ttf.br`, import.meta.url)));
  }
  return (typefaces = digest.digest('base64url'));
}

/** Returns a fingerprint of everything that a poster is drawn from. It changes only if the picture may change. */
export function posterVersionOf(facts: PosterFacts): string {
  return hash('sha256', JSON.stringify([DESIGN, typefacesFingerprint(), facts]), 'base64url').slice(0, 20);
}
