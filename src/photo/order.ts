// What a workshop orders of its workers, and what they answer.
import { z } from 'zod';
import { PHOTO_FORMATS } from './file-kind.ts';
import { FINDING_CODES } from './finding.ts';
import type { Inspection } from './inspection.ts';

/** An inspection on its way between processes or in a file. */
export const inspection: z.ZodType<Inspection> = z.object({
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
});

const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array);

/** One piece of work on the bytes of a photo; what is made is written into a folder or file that nobody else uses. */
export const order = z.discriminatedUnion('make', [
  z.object({ make: z.literal('inspection'), bytes }),
  z.object({
    make: z.literal('variants'),
    bytes,
    size: z.object({ width: z.number(), height: z.number() }),
    folder: z.string(),
  }),
  z.object({ make: z.literal('light'), bytes, file: z.string() }),
]);
export type Order = z.infer<typeof order>;

/** How an order ended. */
export const answer = z.union([
  z.object({ inspection: inspection.optional() }).strict(),
  z.object({ failed: z.string() }).strict(),
]);
export type Answer = z.infer<typeof answer>;
