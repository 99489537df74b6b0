import { z } from 'zod';
import { FINDING_CODES, isWaivable, type Finding, type Twin } from '../../photo/rules/finding.ts';

const twin = z.object({ folder: z.string(), src: z.string(), title: z.string() });

/** A finding of the desk: that of a rule, or one that only the desk can make, such as a duplicate. */
export const deskFinding: z.ZodType<Finding> = z.object({
  code: z.enum(FINDING_CODES),
  level: z.enum(['error', 'warning']),
  message: z.string(),
  remedy: z.string(),
  twin: twin.optional(),
});

function errorsOf(findings: readonly Finding[]): Finding[] {
  return findings.filter(({ level }) => level === 'error');
}

/** Returns whether a photo has an error. */
export function isRefused(findings: readonly Finding[]): boolean {
  return errorsOf(findings).length > 0;
}

/** Returns whether a photo has errors and a reviewer may waive all of them. */
export function isWaivableInAll(findings: readonly Finding[]): boolean {
  const errors = errorsOf(findings);
  return errors.length > 0 && errors.every(isWaivable);
}

/** Merges findings made here and at the desk; if both have a code, the desk's finding is used. */
export function mergeFindings(here: readonly Finding[], desk: readonly Finding[]): Finding[] {
  return [...desk, ...here.filter(({ code }) => !desk.some((other) => other.code === code))];
}

/** Returns the address of a twin's picture, at a size for cards. */
export function addressOfTwin({ folder, src }: Twin): string {
  return photoAddress(folder, src);
}

/**
 * Returns the address of a small picture of a photo, which the desk serves at once. `folder`: its entry's, or empty.
 */
export function photoAddress(folder: string, src: string): string {
  return `/api/photos/${folder === '' ? '' : `${folder}/`}${encodeURIComponent(src)}?as=light`;
}
