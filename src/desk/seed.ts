import type { Source } from '../library/source.ts';
import { MAIN, type Author, type Repository } from './repository.ts';

/** Who the first commit is by. */
const SEEDER: Author = { name: '编辑台', login: 'desk' };

/**
 * Makes the first commit of a repository that has none, from every file of a source; pages that are code stay out.
 * Answers whether there was anything to do.
 */
export async function seed(repository: Repository, source: Source): Promise<boolean> {
  if ((await repository.commitAt(MAIN)) !== undefined) return false;
  const paths = [...(await source.list()).keys()].filter((path) => !path.startsWith('pages/')).sort();
  const files = await Promise.all(
    paths.map(async (path) => ({ path, blob: await repository.write(await source.read(path)) })),
  );
  const tree = await repository.tree(undefined, files);
  const commit = await repository.commit(tree, [], SEEDER, { subject: '从 content/ 开始', trailers: {} });
  await repository.move([{ ref: MAIN, from: undefined, to: commit }]);
  return true;
}
