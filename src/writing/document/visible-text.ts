// Runs in browser and Node: pure.

/**
 * Matches characters that show nothing: control characters, zero-width spaces, byte-order marks, soft hyphens, halves of
 * surrogate pairs. The zero-width joiner is not one of them, because emoji are joined with it.
 */
// eslint-disable-next-line no-control-regex
const INVISIBLE = /[\u0000-\u0008\u000e-\u001f\u007f\u00ad\u200b\u2060\ufeff]|\p{Surrogate}/gu;

/** Matches what a page shows as one space. */
const SPACE = /[\t\n\v\f\r\u0085\u2028\u2029]+/gu;

/** Removes the characters that show nothing, and replaces tabs and line ends by spaces. */
export function visibleText(text: string): string {
  return text.replace(INVISIBLE, '').replace(SPACE, ' ');
}

/** Replaces all but the last of adjacent spaces by no-break spaces, because a page shows adjacent spaces as one. */
export function lastingSpaces(text: string): string {
  return text.replace(/ {2,}/gu, (spaces) => '\u00a0'.repeat(spaces.length - 1) + ' ');
}
