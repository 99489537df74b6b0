import pLimit from 'p-limit';
import type { Source } from '../../library/content/content-source.ts';
import { DESK_AUTHOR } from './author.ts';
import { MAIN, type Repository } from './repository.ts';

/** How many files are read at once, each whole in memory. */
const MOST_READ = 4;

/** Makes the first commit of a new repository from every file of a source, except `pages/`, which is code. */
export async function seed(repository: Repository, source: Source): Promise<void> {
  const paths = [...(await source.list()).keys()].filter((path) => !path.startsWith('pages/')).sort();
  const files = await pLimit(MOST_READ).map(paths, async (path) => ({
    path,
    blob: await repository.write(await source.read(path)),
  }));
  const tree = await repository.tree(undefined, files);
  const commit = await repository.commit(tree, [], DESK_AUTHOR, { subject: '从 content/ 开始', trailers: {} });
  await repository.move([{ ref: MAIN, from: undefined, to: commit }]);
}
