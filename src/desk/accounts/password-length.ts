/**
 * Least length of a password, in characters (code points). NIST SP 800-63B-4 requires a least length and the refusal of
 * common passwords, and advises against rules about kinds of characters.
 */
export const LEAST_PASSWORD = 10;
/** Greatest length of a password, in characters (code points). A longer password is refused before it is processed. */
export const MOST_PASSWORD = 128;

/** Returns a Chinese sentence if a password is too short or too long, otherwise undefined. */
export function lengthFault(password: string): string | undefined {
  // A character has at most two UTF-16 units. So a text of more than twice the limit is too long in any case, and its
  // characters are not counted.
  const length = password.length > 2 * MOST_PASSWORD ? password.length : [...password].length;
  if (length < LEAST_PASSWORD)
    return `密码有 ${length} 个字符，至少要 ${LEAST_PASSWORD} 个。可以用一句只有您知道的话。`;
  return length > MOST_PASSWORD ? `密码太长了，最多 ${MOST_PASSWORD} 个字符。` : undefined;
}
