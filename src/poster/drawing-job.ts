import { z } from 'zod';
import type { PosterAnswer } from '../model/answers.ts';

/** What is to be drawn. */
export interface DrawingJob {
  facts: PosterAnswer;
  /** File of its photo, a JPEG; undefined where it has none. */
  photo: string | undefined;
}

/** Whether a message is an order: only a drawing room sends any, and it sends whole ones. */
export function isDrawingJob(message: unknown): message is DrawingJob {
  return typeof message === 'object' && message !== null && 'facts' in message;
}

const drawn = z.object({
  /** The file, complete. */
  png: z.instanceof(Uint8Array),
  /** Characters that no typeface has; MISSING stands in their place. */
  missing: z.array(z.string()),
});
export type Drawn = z.infer<typeof drawn>;

/** How an order ended. */
export const drawingResult = z.union([drawn.strict(), z.object({ failed: z.string() }).strict()]);
export type DrawingResult = z.infer<typeof drawingResult>;
