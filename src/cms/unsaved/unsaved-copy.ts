import { z } from 'zod';

/** The schema of a copy of unsaved work, as the desk sends it and the browser stores it. */
export const unsavedCopy = z.object({
  id: z.string(),
  /** When the copy was last written, ISO 8601. */
  at: z.string(),
  /** How often the text had changed: of two copies with one id, the one with the larger number is the later. */
  revision: z.number(),
  /** Id of the version that the text started from; null for a new entry. */
  baseId: z.string().nullable(),
  /** The whole text of the entry's file. */
  text: z.string(),
  /** The last part of the path of a new entry, if the text does not contain it; otherwise empty. */
  key: z.string(),
  /** Random id of the browser in which the text was written; empty if the browser stores nothing. */
  browser: z.string(),
  /** The browser in words, such as “Windows 上的 Edge”. */
  device: z.string(),
});

/** Unsaved work on an entry. Each form that is opened has a copy of its own. */
export type UnsavedCopy = z.output<typeof unsavedCopy>;

/** The entry that a copy belongs to. `slug` is Decap's name of the entry; undefined for a new entry. */
export interface CopyPlace {
  collection: string;
  slug: string | undefined;
}

/** How long a copy is kept after it was last written, in milliseconds: 30 days, as at the desk. */
export const KEEP_COPIES = 30 * 86_400_000;
