import { appendFileSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { MAIN, type Repository } from './repository.ts';
import { damaged, REPOSITORY } from './damage.ts';

/** Name of a file in the repository's folder that lists the removed refs, one in each line. */
export const SET_ASIDE = 'damaged-refs';
/** Greatest number of broken refs that are removed. More mean that the whole repository is damaged. */
const MOST_SET_ASIDE = 5;

/**
 * Removes all broken refs except main, and records the name and value of each in the file `SET_ASIDE`. Most of them are
 * drafts. As long as the repository has one broken ref, most git commands fail, also for other drafts. Resolves to the
 * number of recorded refs, including those that earlier starts have recorded.
 * @throws Damage if more than `MOST_SET_ASIDE` refs are broken.
 */
export async function setDamagedRefsAside(repository: Repository, data: string): Promise<number> {
  const broken = (await repository.brokenRefs('refs/')).filter((ref) => ref !== MAIN);
  if (broken.length > MOST_SET_ASIDE) {
    throw damaged(REPOSITORY, `里有 ${broken.length} 份草稿和旧稿损坏，读不出来`, data);
  }
  const note = join(repository.folder, SET_ASIDE);
  for (const ref of broken) {
    const file = join(repository.folder, ref);
    const value = existsSync(file) ? readFileSync(file, 'utf8').trim() : await repository.idOf(ref);
    appendFileSync(note, `${new Date().toISOString()} ${ref} ${value.slice(0, 100)}\n`, { flush: true });
    // git does not delete a ref that it cannot read, so the file is removed first.
    rmSync(file, { force: true });
    await repository.dropRef(ref);
  }
  return existsSync(note) ? readFileSync(note, 'utf8').trimEnd().split('\n').length : 0;
}
