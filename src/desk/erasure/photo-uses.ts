import { entryFileOf } from '../../model/entry-path.ts';
import { entryRefAt } from '../domain/entry-ref.ts';
import type { Drafts } from '../drafts/drafts.ts';
import { entryFacts } from '../drafts/entry-title.ts';
import { shownPhotosIn } from '../drafts/front-matter.ts';
import type { Repository } from '../storage/repository.ts';

/** A version of an entry that shows a photo. */
export interface PhotoUse {
  /** Path of the entry's file. */
  entry: string;
  title: string;
  /** File name of the photo in the entry, and id of the git blob of the photo's file. */
  src: string;
  blob: string;
  /** Whether it is a draft; otherwise it is the published version. */
  draft: boolean;
}

/** The collections whose entries have photos. */
const WITH_PHOTOS = ['stories', 'examples'];

/** Returns the file name at the end of a path. */
function nameIn(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/**
 * Resolves to the published versions and drafts that show at least one of some photos: the photo's file is in the
 * entry's folder, and the entry names it and has not withdrawn it. Deleted drafts and older versions are left out.
 * Withdrawn entries are not left out, because they can be published again. Lists all published files with git.
 * @param blobs ids of the git blobs of the photos' files.
 */
export async function photoUses(
  repository: Repository,
  drafts: Drafts,
  blobs: ReadonlySet<string>,
): Promise<PhotoUse[]> {
  const uses: PhotoUse[] = [];
  const addUse = async (commit: string, { path, blob }: { path: string; blob: string }, draft: boolean) => {
    if (!blobs.has(blob)) return;
    const entry = entryFileOf(path);
    const text = entry === undefined ? undefined : await repository.blobAt(commit, entry);
    if (entry === undefined || text === undefined) return;
    const source = (await repository.bytes(text)).toString();
    const src = nameIn(path);
    if (!shownPhotosIn(entry, source).includes(src)) return;
    uses.push({ entry, title: entryFacts(entry, source).title, src, blob, draft });
  };
  const head = await repository.head();
  for (const folder of WITH_PHOTOS) {
    const files = await repository.files(head, folder);
    for (const file of files) await addUse(head, file, false);
  }
  for (const { name, commit } of await drafts.all()) {
    if (name.folder === undefined) continue;
    const files = await repository.files(commit, name.folder);
    for (const file of files) await addUse(commit, file, true);
  }
  return uses;
}

/**
 * Resolves to the ids of the git blobs of an entry's photos by file name. A name has two blobs if the published version
 * and the draft have different files. @param entry path of the entry's file.
 */
export async function photoBlobs(
  repository: Repository,
  drafts: Drafts,
  entry: string,
): Promise<Map<string, Set<string>>> {
  const ref = entryRefAt(entry);
  const { folder } = ref;
  const found = new Map<string, Set<string>>();
  if (folder === undefined) return found;
  const draft = await drafts.find(ref);
  for (const commit of [await repository.head(), ...(draft ? [draft.commit] : [])]) {
    for (const { path, blob } of await repository.files(commit, folder)) {
      if (path === entry) continue;
      const src = nameIn(path);
      found.set(src, (found.get(src) ?? new Set()).add(blob));
    }
  }
  return found;
}
