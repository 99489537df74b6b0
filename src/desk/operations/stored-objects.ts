import type { Git } from '../storage/git.ts';

/**
 * Facts about how a repository is stored: the number of loose objects, the number of packs, and the size in bytes.
 */
export interface Storage {
  loose: number;
  packs: number;
  size: number;
}

/** Resolves to facts about how a repository is stored now. @throws GitError if git cannot open the repository. */
export async function storageOf(git: Git): Promise<Storage> {
  const { stdout } = await git.run(['count-objects', '-v']);
  const counts = new Map(stdout.split('\n').map((line) => [line.split(': ')[0], Number(line.split(': ')[1])] as const));
  const kibibytes = (counts.get('size') ?? 0) + (counts.get('size-pack') ?? 0);
  return { loose: counts.get('count') ?? 0, packs: counts.get('packs') ?? 0, size: kibibytes * 1024 };
}
