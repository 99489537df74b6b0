import { DESK_AUTHOR } from '../storage/author.ts';
import { KEPT, type Repository } from '../storage/repository.ts';

/** The ref from which the files of all uploads can be reached. */
export const UPLOADS = `${KEPT}uploads`;

/**
 * Updates the ref `UPLOADS`. Without this ref git would delete the files of uploads that no commit contains, because
 * git does not read the database that lists the uploads.
 * @param uploads the blob ids of all uploads, by the names of the photos
 */
export async function protectUploads(repository: Repository, uploads: ReadonlyMap<string, string>): Promise<void> {
  // The repository may be older than the database, after a restore.
  const present = await repository.present([...uploads.values()]);
  const files = Array.from(uploads, ([path, blob]) => ({ path, blob })).filter(({ blob }) => present.has(blob));
  const from = await repository.commitAt(UPLOADS);
  if (files.length === 0) {
    if (from !== undefined) await repository.move([{ ref: UPLOADS, from, to: undefined }]);
    return;
  }
  const tree = await repository.tree(undefined, files);
  if (from !== undefined && (await repository.treeOf(from)) === tree) return;
  const to = await repository.commit(tree, [], DESK_AUTHOR, { subject: '上传的照片', trailers: {} });
  await repository.move([{ ref: UPLOADS, from, to }]);
}
