// The messages between ours.ts and the process that runs the publisher (host.ts).
import { z } from 'zod';

/**
 * A job for the process. `publish`: publishes the changes of some paths below the content folder, or all if `paths` is
 * undefined.
 */
export const request = z.discriminatedUnion('ask', [
  z.object({ ask: z.literal('publish'), paths: z.array(z.string()).optional() }),
  z.object({ ask: z.literal('index') }),
  z.object({ ask: z.literal('close') }),
]);

export type Request = z.infer<typeof request>;

/** The result of a job. `milliseconds` is its duration, `parts` the durations of its parts in milliseconds. */
export const reply = z.object({
  /** The message of the error; undefined if the job succeeded. */
  failed: z.string().optional(),
  milliseconds: z.number(),
  /** Number of pages that were rendered or indexed. */
  pages: z.number(),
  parts: z.record(z.string(), z.number()),
  /** Resident memory (RSS) of the process, in bytes. */
  memory: z.number(),
});

export type Reply = z.infer<typeof reply>;
