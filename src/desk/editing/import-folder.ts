import type { Source } from '../../library/content/content-source.ts';
import { entryAt } from '../../model/entry-path.ts';
import { draftJobs } from '../drafts/draft-job-file.ts';
import type { Drafts } from '../drafts/drafts.ts';
import type { SamePictures } from '../originals/same-pictures.ts';
import { DraftSaves } from './save-draft.ts';
import { entryRefAt } from '../domain/entry-ref.ts';
import type { Writer } from '../drafts/photo-waivers.ts';
import { Refusal } from '../domain/refusal.ts';
import type { Repository } from '../storage/repository.ts';
import type { TextThreads } from '../texts/text-threads.ts';

/** The result of importing one entry. */
export interface Imported {
  /** Path of the entry's file. */
  file: string;
  outcome: 'draft' | 'unchanged' | 'skipped';
  /** Number of photos that were left out because they are withdrawn where the entry comes from. */
  withdrawnPhotos?: number;
  /** Why the entry was skipped, in Chinese. */
  reason?: string;
}

/**
 * Imports the entries of a source, with their photos, as drafts of `author`. Publishes nothing and overwrites nothing.
 * Resolves to one result for each entry, sorted by file:
 * - `skipped`: the entry has a draft already, or is refused, for example because its text cannot be parsed;
 * - `unchanged`: the same content is published already, so no draft was made;
 * - `draft`: a draft was made.
 *
 * Photos that the source marks as withdrawn are left out: neither the draft nor the originals get them. Photos that are
 * withdrawn here, under whatever file name, stay withdrawn.
 *
 * @param source returns pointers instead of photos, and stores the photos (StoringSource).
 */
export async function importEntries(
  source: Source,
  repository: Repository,
  drafts: Drafts,
  author: Writer,
  texts: TextThreads,
  pictures: SamePictures,
): Promise<Imported[]> {
  const files = [...(await source.list()).keys()].filter((file) => entryAt(file) !== undefined).sort();
  const done: Imported[] = [];
  for (const file of files) {
    try {
      done.push({ file, ...(await importEntry(source, file, repository, drafts, author, texts, pictures)) });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      done.push({ file, outcome: 'skipped', reason: error.message });
    }
  }
  return done;
}

async function importEntry(
  source: Source,
  file: string,
  repository: Repository,
  drafts: Drafts,
  author: Writer,
  texts: TextThreads,
  pictures: SamePictures,
): Promise<Pick<Imported, 'outcome' | 'withdrawnPhotos'>> {
  const ref = entryRefAt(file);
  if (await drafts.find(ref)) throw new Refusal(409, '编辑台里已经有它的草稿，没有动。');
  const raw = new TextDecoder().decode(await source.read(file));
  const folder = file.slice(0, file.lastIndexOf('/') + 1);
  const blobs = new Map<string, string>();
  const editing = new DraftSaves(repository, drafts, async (src) => blobs.get(src), texts, pictures);
  let parsed = await editing.parse({ ref, raw }, author);
  // The mark would be lost, because only the desk withdraws photos here, and the photo would come back with the draft.
  const shown = await texts.ask(author.login, draftJobs, 'withoutWithdrawn', { file, text: raw });
  if (shown.photos > 0) parsed = await editing.parse({ ref, raw: shown.text }, author);
  const left = shown.photos > 0 ? { withdrawnPhotos: shown.photos } : {};
  for (const src of parsed.document.photos) {
    const bytes = await source.read(folder + src).catch((error: unknown) => {
      // The originals cannot be stored: that is no missing photo.
      if (error instanceof Refusal) throw error;
      return undefined;
    });
    if (bytes) blobs.set(src, await repository.write(bytes));
  }
  const head = await repository.head();
  const baseId = (await repository.blobAt(head, file)) ?? null;
  await editing.save(parsed, { baseId, subject: `导入 ${ref.slug}` });
  const draft = await drafts.require(ref);
  if (draft.tree !== (await repository.treeOf(head))) return { outcome: 'draft', ...left };
  await drafts.remove(draft);
  return { outcome: 'unchanged', ...left };
}
