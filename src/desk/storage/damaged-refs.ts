import { appendFileSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { MAIN, type Repository } from './repository.ts';
import { damaged, REPOSITORY } from './damage.ts';

/** The file in the repository's folder that lists the refs set aside, one a line. */
export const SET_ASIDE = 'damaged-refs';
/** More broken refs than this mean that the whole repository is damaged. */
const MOST_SET_ASIDE = 5;

/**
 * Sets aside broken refs except main, mostly drafts: while there is one, git refuses most commands, also for all other
 * drafts. Each is noted with its value. Returns how many are noted, those of earlier starts included.
 * @throws Damage if there are more than a few.
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
    // git does not delete a ref that it cannot read.
    rmSync(file, { force: true });
    await repository.dropRef(ref);
  }
  return existsSync(note) ? readFileSync(note, 'utf8').trimEnd().split('\n').length : 0;
}
