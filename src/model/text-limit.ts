// Runs in browser and Node: pure.

/**
 * Greatest length of a text that may be sent to the desk: the whole file of an entry, including its front matter. The
 * unit is a Unicode code point: “字”, “a”, a line feed and “😀” count as one each. Longer texts from a time when the desk
 * allowed more can still be read, and can be made shorter.
 */
export const MOST_CHARACTERS = 50_000;

const PAIRS = /[\ud800-\udbff][\udc00-\udfff]/g;

/** Returns the number of Unicode code points in a text. */
export function countCodePoints(text: string): number {
  let pairs = 0;
  for (const _ of text.matchAll(PAIRS)) pairs += 1;
  return text.length - pairs;
}

/**
 * Returns what is wrong with the length of an entry's text and what to do, in Chinese; undefined if the text is not too
 * long.
 */
export function textLengthFault(text: string): { what: string; remedy: string } | undefined {
  if (text.length <= MOST_CHARACTERS) return undefined;
  const count = countCodePoints(text);
  if (count <= MOST_CHARACTERS) return undefined;
  const [is, most] = [count, MOST_CHARACTERS].map((number) => number.toLocaleString('en'));
  return {
    what: `这一篇连同信息栏有 ${is} 个字符，最多 ${most} 个`,
    remedy: `请至少删去 ${(count - MOST_CHARACTERS).toLocaleString('en')} 个字符，或分成几篇。`,
  };
}
