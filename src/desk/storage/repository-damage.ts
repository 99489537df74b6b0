import { BACKGROUND, Git, NO_TIMEOUT } from './git.ts';
import { MAIN, type Repository } from './repository.ts';

const ID = /\b[0-9a-f]{40}\b/gu;
/** Greatest number of damaged places that a message names. */
const MOST_NAMED = 5;

/** Returns a Chinese phrase for a ref, for messages to people. */
function called(ref: string): string {
  if (ref === MAIN) return '已发布的版本（main）';
  return `${ref.startsWith('refs/heads/') ? '草稿' : '另存的版本'} ${ref.replace(/^refs\/(?:heads\/(?:cms\/)?)?/u, '')}`;
}

/**
 * Finds all damage in a repository. Resolves to Chinese phrases for the damaged places, for the people who run the
 * server. Resolves to an empty list if nothing is damaged. Reads every object, which takes as long as a backup. With
 * `contents` false, reads only commits and folders, and checks whether files exist.
 */
export async function damageOf(repository: Repository, { contents = true } = {}): Promise<string[]> {
  const git = new Git(repository.folder, NO_TIMEOUT);
  const refs = await repository.refs('refs/').catch(() => undefined);
  if (!refs) return ['分支的目录（packed-refs 或 HEAD）'];
  if (!refs.has(MAIN)) return [called(MAIN)];
  const broken = await repository.brokenRefs('refs/');
  const checked = await git
    .run(['fsck', contents ? '--full' : '--connectivity-only', '--no-dangling', '--no-reflogs'], {
      expected: EVERY_CODE,
      niceness: BACKGROUND,
    })
    .catch(() => undefined);
  if (checked?.code === 0 && broken.length === 0) return [];
  const ids = new Set(`${checked?.stdout ?? ''}\n${checked?.stderr ?? ''}`.match(ID) ?? []);
  const places = broken.map(called);
  for (const [ref, commit] of refs) {
    if (broken.includes(ref) || !ref.startsWith('refs/heads/')) continue;
    const files = await repository.files(commit).catch(() => undefined);
    if (!files) places.push(`${called(ref)}的目录`);
    for (const { path, blob } of files ?? []) if (ids.delete(blob)) places.push(path);
  }
  if (places.length === 0) return [`以前的版本或另存的内容，共 ${Math.max(1, ids.size)} 处`];
  const named = places.slice(0, MOST_NAMED);
  return places.length > named.length ? [...named, `等 ${places.length} 处`] : named;
}

/** All exit codes that git fsck can have: its exit code is a bit set. */
const EVERY_CODE = Array.from({ length: 256 }, (_, code) => code);
