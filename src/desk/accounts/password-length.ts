/**
 * Least length in characters. NIST SP 800-63B-4 asks for a least length and for refusing common passwords, and advises
 * against rules of composition.
 */
export const LEAST_PASSWORD = 10;
/** Greatest length in characters. Longer passwords are refused before they are processed. */
export const MOST_PASSWORD = 128;

/** Returns a Chinese sentence if a password is too short or too long, otherwise undefined. */
export function lengthFault(password: string): string | undefined {
  // A character has at most two UTF-16 units: a text longer than that need not be split to be counted.
  const length = password.length > 2 * MOST_PASSWORD ? password.length : [...password].length;
  if (length < LEAST_PASSWORD)
    return `密码有 ${length} 个字符，至少要 ${LEAST_PASSWORD} 个。可以用一句只有您知道的话。`;
  return length > MOST_PASSWORD ? `密码太长了，最多 ${MOST_PASSWORD} 个字符。` : undefined;
}
