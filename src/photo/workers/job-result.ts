import { z } from 'zod';
import { PHOTO_FORMATS } from '../rules/file-kind.ts';
import { FINDING_CODES } from '../rules/finding.ts';
import type { Inspection } from '../encode/inspection.ts';
import type { Likeness } from '../judging/likeness.ts';

/** The schema of a stored likeness. */
export const storedLikeness: z.ZodType<Likeness> = z.object({ difference: z.string(), frequency: z.string() });

/** The schema of an inspection from another process or from a file. */
export const inspectionResult: z.ZodType<Inspection> = z.object({
  format: z.enum([...PHOTO_FORMATS, 'unknown']),
  width: z.number(),
  height: z.number(),
  colour: z.string(),
  placeholder: z.string(),
  findings: z.array(
    z.object({
      code: z.enum(FINDING_CODES),
      level: z.enum(['error', 'warning']),
      message: z.string(),
      remedy: z.string(),
    }),
  ),
  likeness: storedLikeness.optional(),
  measures: z.record(z.string(), z.number()),
});

/**
 * The schema of the result of a job. After a success, `inspection` is set if the job was an inspection. After a
 * failure, `failed` is the message of the error.
 */
export const jobResult = z.union([
  z.object({ inspection: inspectionResult.optional() }).strict(),
  z.object({ failed: z.string() }).strict(),
]);
export type JobResult = z.infer<typeof jobResult>;
