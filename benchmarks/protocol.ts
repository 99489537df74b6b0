// Messages between ours.ts and the process that holds the publisher (host.ts).
import { z } from 'zod';

export const request = z.discriminatedUnion('ask', [
  z.object({ ask: z.literal('publish'), paths: z.array(z.string()).optional() }),
  z.object({ ask: z.literal('index') }),
  z.object({ ask: z.literal('close') }),
]);

export type Request = z.infer<typeof request>;

export const reply = z.object({
  /** The error, or undefined if all is well. */
  failed: z.string().optional(),
  milliseconds: z.number(),
  /** Pages rendered or indexed. */
  pages: z.number(),
  parts: z.record(z.string(), z.number()),
  /** Resident memory of the process, in bytes. */
  memory: z.number(),
});

export type Reply = z.infer<typeof reply>;
