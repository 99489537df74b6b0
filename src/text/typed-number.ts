// Runs in browser and Node: pure.

/** Full-width characters that Chinese input methods type in numbers: digits, comma, full stop and blank. */
const FULL_WIDTH = /[０-９，．\u3000]/gu;

function halfWidth(character: string): string {
  return character === '\u3000' ? ' ' : String.fromCodePoint((character.codePointAt(0) ?? 0) - 0xfee0);
}

const WHOLE = /^(?:\d+|\d{1,3}(?:,\d{3})+)$/u;
const DECIMAL = /^(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?$/u;

/**
 * Reads a number as people type it: digits of either width, with or without commas after every three digits (1,200 or
 * １，２００). `fraction` says whether decimals are allowed (7.5). Returns undefined for every other text, such as `1e3`,
 * `-5`, `12人`, `1,20` or a number that JavaScript cannot store exactly: a number is never guessed.
 */
export function readTypedNumber(typed: string, { fraction }: { fraction: boolean }): number | undefined {
  const text = typed.replace(FULL_WIDTH, halfWidth).trim();
  if (!(fraction ? DECIMAL : WHOLE).test(text)) return undefined;
  const number = Number(text.replaceAll(',', ''));
  return number <= Number.MAX_SAFE_INTEGER ? number : undefined;
}
