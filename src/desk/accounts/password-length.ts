/** NIST SP 800-63B-4 asks for length and for what is common to be refused, and against rules of composition. */
export const LEAST_PASSWORD = 10;
/** Longer ones are refused before anything is done with them. */
export const MOST_PASSWORD = 128;

/** Says why the length of a password is refused, in Chinese; undefined: it is right. Lengths are in characters. */
export function lengthFault(password: string): string | undefined {
  // A character has at most two UTF-16 units: a long text is not taken apart to be counted.
  const length = password.length > 2 * MOST_PASSWORD ? password.length : [...password].length;
  if (length < LEAST_PASSWORD)
    return `密码有 ${length} 个字符，至少要 ${LEAST_PASSWORD} 个。可以用一句只有您知道的话。`;
  return length > MOST_PASSWORD ? `密码太长了，最多 ${MOST_PASSWORD} 个字符。` : undefined;
}
