import { z } from 'zod';
import { deskFinding } from './finding-schema.ts';
import { reach } from '../backend/desk-client.ts';

const judgement = z.object({
  width: z.number(),
  height: z.number(),
  /** Size of the file in bytes. */
  size: z.number(),
  findings: z.array(deskFinding),
});

/** Width and height in pixels, file size in bytes, and findings of a photo, as sent by the desk. */
export type KnownPhoto = z.output<typeof judgement>;

/** Photos that were sent from this window, by the file name that the desk derived from their bytes. */
const sent = new Map<string, KnownPhoto>();
/**
 * Photos in saved entries, by folder/name. The folder is part of the key because the desk's findings depend on the
 * entry.
 */
const reported = new Map<string, KnownPhoto>();

/**
 * Returns size and findings of a photo in an entry; undefined if they were neither loaded nor received after an upload.
 * `folder` is empty if the entry was never saved.
 */
export function knownPhoto(folder: string, src: string): KnownPhoto | undefined {
  return reported.get(`${folder}/${src}`) ?? sent.get(src);
}

/**
 * Returns whether a photo was sent from this window: the desk then has it among the uploads, even if its entry was not
 * saved since.
 */
export function wasSent(src: string): boolean {
  return sent.has(src);
}

/** Stores the desk's findings about a photo that was just sent. */
export function rememberSent(src: string, photo: KnownPhoto): void {
  sent.set(src, photo);
}

/** Loads size and findings of a photo in a saved entry for `knownPhoto`. Ignores failures; never rejects. */
export async function learnPhoto(folder: string, src: string): Promise<void> {
  const address = `/api/judgements/${folder}/${encodeURIComponent(src)}`;
  const body: unknown = await reach(address)
    .then(async (response) => (response.ok ? response.json() : undefined))
    .catch(() => undefined);
  const parsed = judgement.safeParse(body);
  if (parsed.success) reported.set(`${folder}/${src}`, parsed.data);
}
