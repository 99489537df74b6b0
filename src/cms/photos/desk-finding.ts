import { z } from 'zod';
import { FINDING_CODES, isWaivable, type Finding, type Twin } from '../../photo/rules/finding.ts';

const twin = z.object({ folder: z.string(), src: z.string(), title: z.string() });

/** What the desk finds of a photo: as the rules say it, and with what the desk alone can know. */
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

/** Whether anything keeps a photo out. */
export function isRefused(findings: readonly Finding[]): boolean {
  return errorsOf(findings).length > 0;
}

/** Whether all that keeps a photo out could be waived by a reviewer. */
export function isWaivableInAll(findings: readonly Finding[]): boolean {
  const errors = errorsOf(findings);
  return errors.length > 0 && errors.every(isWaivable);
}

/** What was found here and at the desk: the desk's word where both speak of the same. */
export function mergeFindings(here: readonly Finding[], desk: readonly Finding[]): Finding[] {
  return [...desk, ...here.filter(({ code }) => !desk.some((other) => other.code === code))];
}

/** Where a twin is shown, at a size for cards. */
export function addressOfTwin({ folder, src }: Twin): string {
  return photoAddress(folder, src);
}

/** Where the desk shows a photo, small and at once. `folder` as in a twin. */
export function photoAddress(folder: string, src: string): string {
  return `/api/photos/${folder === '' ? '' : `${folder}/`}${encodeURIComponent(src)}?as=light`;
}
