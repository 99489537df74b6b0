import { z } from 'zod';
import type { PosterFacts } from '../model/view-models.ts';

/** The message that asks the drawing process for a poster. */
export interface DrawingJob {
  facts: PosterFacts;
  /** Path of the poster's photo, a JPEG; undefined if there is none. */
  photo: string | undefined;
}

/**
 * Returns whether a message is a drawing job. Checks only that `facts` exist: only DrawingWorker sends messages, and
 * its jobs are well-formed.
 */
export function isDrawingJob(message: unknown): message is DrawingJob {
  return typeof message === 'object' && message !== null && 'facts' in message;
}

const drawn = z.object({
  /** Bytes of the PNG file. */
  png: z.instanceof(Uint8Array),
  /** Characters that no font has. The poster shows MISSING instead. */
  missing: z.array(z.string()),
});
export type Drawn = z.infer<typeof drawn>;

/** The result of a job: the poster, or the message of the error with which drawing failed. */
export const drawingResult = z.union([drawn.strict(), z.object({ failed: z.string() }).strict()]);
export type DrawingResult = z.infer<typeof drawingResult>;
