import { z } from 'zod';
import { deskFinding } from './desk-finding.ts';
import { reach } from '../backend/desk-client.ts';

const judgement = z.object({
  width: z.number(),
  height: z.number(),
  /** In bytes. */
  size: z.number(),
  findings: z.array(deskFinding),
});

/** What the desk knows of a photo. */
export type KnownPhoto = z.output<typeof judgement>;

/** Sent from this window, by the name the desk gave it, which is made from its bytes. */
const sent = new Map<string, KnownPhoto>();
/** Asked of the desk, by folder and name: what it says of a photo depends on the entry. */
const asked = new Map<string, KnownPhoto>();

/** What is known so far of a photo in an entry; `folder` is empty as long as the entry has none. */
export function knownPhoto(folder: string, src: string): KnownPhoto | undefined {
  return asked.get(`${folder}/${src}`) ?? sent.get(src);
}

/** Whether a photo was sent from this window: the desk has it, whether or not its entry was saved since. */
export function wasSent(src: string): boolean {
  return sent.has(src);
}

export function rememberSent(src: string, photo: KnownPhoto): void {
  sent.set(src, photo);
}

/** Asks the desk what it found of a photo in an entry. Whatever goes wrong, nothing more is known than before. */
export async function learnPhoto(folder: string, src: string): Promise<void> {
  const address = `/api/judgements/${folder}/${encodeURIComponent(src)}`;
  const answer: unknown = await reach(address)
    .then(async (response) => (response.ok ? response.json() : undefined))
    .catch(() => undefined);
  const parsed = judgement.safeParse(answer);
  if (parsed.success) asked.set(`${folder}/${src}`, parsed.data);
}
