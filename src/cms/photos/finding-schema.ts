import { z } from 'zod';
import { FINDING_CODES, isWaivable, type Finding, type Twin } from '../../photo/rules/finding.ts';

const twin = z.object({ folder: z.string(), src: z.string(), title: z.string() });

/**
 * The schema of a finding that the desk sends. Some rules are checked both in this browser and at the desk. Other
 * rules, such as the rule about duplicates, can only be checked at the desk.
 */
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

/** Returns whether the findings contain an error. */
export function isRefused(findings: readonly Finding[]): boolean {
  return errorsOf(findings).length > 0;
}

/** Returns whether the findings contain errors and a reviewer may waive all of them. */
export function isWaivableInAll(findings: readonly Finding[]): boolean {
  const errors = errorsOf(findings);
  return errors.length > 0 && errors.every(isWaivable);
}

/**
 * Returns the desk's findings, followed by the findings of this browser. Leaves out a finding of this browser if the
 * desk has a finding with the same code.
 */
export function mergeFindings(here: readonly Finding[], desk: readonly Finding[]): Finding[] {
  return [...desk, ...here.filter(({ code }) => !desk.some((other) => other.code === code))];
}

/** Returns the path of a small picture of a photo's duplicate. */
export function addressOfTwin({ folder, src }: Twin): string {
  return photoAddress(folder, src);
}

/**
 * Returns the path of a photo as it was uploaded. `folder`: the folder of the photo's entry; empty for a photo among the
 * editor's uploads.
 */
export function originalAddress(folder: string, src: string): string {
  return `/api/photos/${folder === '' ? '' : `${folder}/`}${encodeURIComponent(src)}`;
}

/** Returns the path of a small JPEG of a photo, which the desk encodes quickly. `folder`: as in `originalAddress`. */
export function photoAddress(folder: string, src: string): string {
  return `${originalAddress(folder, src)}?as=light`;
}
