import { z } from 'zod';
import type { PosterFacts } from '../model/view-models.ts';

/** A poster to draw. */
export interface DrawingJob {
  facts: PosterFacts;
  /** File of its photo, a JPEG; undefined if there is none. */
  photo: string | undefined;
}

/** Whether a message is a job. Only a DrawingWorker sends messages, and its jobs are well-formed. */
export function isDrawingJob(message: unknown): message is DrawingJob {
  return typeof message === 'object' && message !== null && 'facts' in message;
}

const drawn = z.object({
  /** The complete file. */
  png: z.instanceof(Uint8Array),
  /** Characters that no typeface has; MISSING is drawn for them. */
  missing: z.array(z.string()),
});
export type Drawn = z.infer<typeof drawn>;

/** How a job ended. */
export const drawingResult = z.union([drawn.strict(), z.object({ failed: z.string() }).strict()]);
export type DrawingResult = z.infer<typeof drawingResult>;
