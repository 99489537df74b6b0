import { appendFileSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { MAIN, type Repository } from './repository.ts';
import { damaged, REPOSITORY } from './damage.ts';

/** Where it is noted, in the repository's folder, which refs were set aside: a line each. */
export const SET_ASIDE = 'damaged-refs';
/** So many may be an accident; more are a repository that is damaged as a whole. */
const MOST_SET_ASIDE = 5;

/**
 * Sets aside refs besides main that lead nowhere, drafts above all: git refuses most of its work while there is one, and
 * nobody else's work is to wait for that. What they said is noted. Answers how many are noted, from earlier starts too.
 * Throws a Damage where there are more than a few.
 */
export async function setDamagedRefsAside(repository: Repository, data: string): Promise<number> {
  const broken = (await repository.brokenRefs('refs/')).filter((ref) => ref !== MAIN);
  if (broken.length > MOST_SET_ASIDE) {
    throw damaged(REPOSITORY, `里有 ${broken.length} 份草稿和旧稿损坏，读不出来`, data);
  }
  const note = join(repository.folder, SET_ASIDE);
  for (const ref of broken) {
    const file = join(repository.folder, ref);
    const said = existsSync(file) ? readFileSync(file, 'utf8').trim() : await repository.idOf(ref);
    appendFileSync(note, `${new Date().toISOString()} ${ref} ${said.slice(0, 100)}\n`, { flush: true });
    // git does not delete what it cannot read.
    rmSync(file, { force: true });
    await repository.dropRef(ref);
  }
  return existsSync(note) ? readFileSync(note, 'utf8').trimEnd().split('\n').length : 0;
}
