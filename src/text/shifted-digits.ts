// Runs in browser and Node: pure.
const RAISED = '⁰¹²³⁴⁵⁶⁷⁸⁹';
const LOWERED = '₀₁₂₃₄₅₆₇₈₉';

/** Returns up to three digits as they are written above or below the line: ² and ₂. Returns undefined for other texts. */
export function shiftedDigits(text: string, place: 'above' | 'below'): string | undefined {
  if (!/^\d{1,3}$/u.test(text)) return undefined;
  const digits = place === 'above' ? RAISED : LOWERED;
  return Array.from(text, (digit) => digits.charAt(Number(digit))).join('');
}
