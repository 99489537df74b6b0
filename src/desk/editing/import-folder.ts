import type { Source } from '../../library/content/source.ts';
import { entryAt } from '../../model/entry-path.ts';
import type { Drafts } from '../drafts/drafts.ts';
import { DraftSaves } from './save-draft.ts';
import { entryRefAt } from '../domain/entry-ref.ts';
import type { Writer } from '../drafts/photo-waivers.ts';
import { Refusal } from '../domain/refusal.ts';
import type { Repository } from '../storage/repository.ts';
import type { TextThreads } from '../texts/text-room.ts';

/** What became of one entry's file. */
export interface Imported {
  file: string;
  outcome: 'draft' | 'unchanged' | 'skipped';
  /** Why it was skipped. */
  reason?: string;
}

/**
 * Brings the entries of a source in as drafts, photos included. An entry that has a draft already, or cannot be taken
 * apart, is skipped and said; one that is published as it is has nothing to bring. Nothing is published or overwritten.
 */
export async function importEntries(
  source: Source,
  repository: Repository,
  drafts: Drafts,
  author: Writer,
  texts: TextThreads,
): Promise<Imported[]> {
  const files = [...(await source.list()).keys()].filter((file) => entryAt(file) !== undefined).sort();
  const done: Imported[] = [];
  for (const file of files) {
    try {
      done.push({ file, outcome: await importEntry(source, file, repository, drafts, author, texts) });
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
): Promise<'draft' | 'unchanged'> {
  const name = entryRefAt(file);
  if (await drafts.find(name)) throw new Refusal(409, '编辑台里已经有它的草稿，没有动。');
  const raw = new TextDecoder().decode(await source.read(file));
  const beside = file.slice(0, file.lastIndexOf('/') + 1);
  const blobs = new Map<string, string>();
  const editing = new DraftSaves(repository, drafts, (src) => blobs.get(src), texts);
  for (const src of (await editing.look({ file, raw }, author)).photos) {
    const bytes = await source.read(beside + src).catch(() => undefined);
    if (bytes) blobs.set(src, await repository.write(bytes));
  }
  const before = await repository.head();
  const baseId = (await repository.blobAt(before, file)) ?? null;
  await editing.save({ file, raw, baseId, subject: `导入 ${name.slug}` }, author);
  const draft = await drafts.require(name);
  if (draft.tree !== (await repository.treeOf(before))) return 'draft';
  await drafts.remove(draft);
  return 'unchanged';
}
