import { z } from 'zod';
import { deskFinding } from './finding-schema.ts';
import { reach } from '../backend/desk-client.ts';

const judgement = z.object({
  width: z.number(),
  height: z.number(),
  /** In bytes. */
  size: z.number(),
  findings: z.array(deskFinding),
});

/** Size and findings of a photo, from the desk. */
export type KnownPhoto = z.output<typeof judgement>;

/** Photos sent from this window, by the name that the desk derived from their bytes. */
const sent = new Map<string, KnownPhoto>();
/** Photos that the desk reported on, by folder/name: its findings depend on the entry. */
const reported = new Map<string, KnownPhoto>();

/** Returns what is known about a photo in an entry so far. `folder` is empty as long as the entry has none. */
export function knownPhoto(folder: string, src: string): KnownPhoto | undefined {
  return reported.get(`${folder}/${src}`) ?? sent.get(src);
}

/** Returns whether a photo was sent from this window, so that the desk has it even if its entry was not saved since. */
export function wasSent(src: string): boolean {
  return sent.has(src);
}

export function rememberSent(src: string, photo: KnownPhoto): void {
  sent.set(src, photo);
}

/** Loads the desk's findings about a photo in an entry. Ignores failures. */
export async function learnPhoto(folder: string, src: string): Promise<void> {
  const address = `/api/judgements/${folder}/${encodeURIComponent(src)}`;
  const body: unknown = await reach(address)
    .then(async (response) => (response.ok ? response.json() : undefined))
    .catch(() => undefined);
  const parsed = judgement.safeParse(body);
  if (parsed.success) reported.set(`${folder}/${src}`, parsed.data);
}
