import type { Author } from './author.ts';
import type { Git } from './git.ts';

/** Key of the trailer with the version of the content model in which the entries of a commit are written. */
export const MODEL_TRAILER = 'Desk-Model';

/** A commit, as git log prints it. */
export interface LoggedCommit {
  id: string;
  parents: readonly string[];
  author: Author;
  /** Author date, ISO 8601. */
  at: string;
  message: string;
}

/**
 * The fields of a commit, as placeholders for git log. The output separates them by NUL, because no commit message can
 * contain NUL.
 */
const LOG_FORMAT = ['%H', '%P', '%an', '%ae', '%at', '%B'];

/** Reads the history of a repository. */
export class CommitLog {
  readonly #git: Git;

  constructor(git: Git) {
    this.#git = git;
  }

  /**
   * Resolves to the messages of the commits on the first-parent line of `head`, oldest first. If `after` is a commit,
   * the commits that can be reached from `after` are left out.
   */
  async messages(head: string, after: string | undefined): Promise<string[]> {
    const range = after === undefined ? head : `${after}..${head}`;
    const { stdout } = await this.#git.run(['log', '--first-parent', '--reverse', '-z', '--format=%B', range]);
    return stdout.split('\0');
  }

  /**
   * Resolves to the commits on the first-parent line of `tip`, newest first. If `without` is given, the commits that
   * can be reached from `without` are left out. If `path` is given, only commits that changed this path are included.
   */
  async line(tip: string, { without, path }: { without?: string; path?: string }): Promise<LoggedCommit[]> {
    const { stdout } = await this.#git.run([
      'log',
      '--first-parent',
      '-z',
      `--format=${LOG_FORMAT.join('%x00')}`,
      tip,
      ...(without === undefined ? [] : [`^${without}`]),
      ...(path === undefined ? [] : ['--', path]),
    ]);
    const fields = stdout.split('\0');
    const count = Math.floor(fields.length / LOG_FORMAT.length);
    return Array.from({ length: count }, (_, number) => {
      const from = number * LOG_FORMAT.length;
      const [id = '', parents = '', name = '', mail = '', seconds = '0', message = ''] = fields.slice(from);
      return {
        id,
        parents: parents.split(' ').filter(Boolean),
        author: { name, login: mail.replace(/@desk\.invalid$/u, '') },
        at: new Date(Number(seconds) * 1000).toISOString(),
        message,
      };
    });
  }

  /**
   * Resolves to the version of the content model in which a commit's entries are written. If the commit does not state
   * it, the nearest older commit that states a version counts; if there is none, the version is 1.
   */
  async modelOf(commit: string): Promise<number> {
    const trailer = new RegExp(`^${MODEL_TRAILER}: (\\d+)$`, 'mu');
    const own = trailer.exec((await this.#git.read(commit))?.content.toString() ?? '');
    if (own) return Number(own[1]);
    // Committed by hand, or before there were versions: the nearest older commit that states a version counts.
    const pattern = `--grep=^${MODEL_TRAILER}: [0-9]+$`;
    const { stdout } = await this.#git.run(['log', '-1', '-E', pattern, '--format=%B', commit]);
    return Number(trailer.exec(stdout)?.[1] ?? 1);
  }

  /** Resolves to the merge base of two commits, or to undefined if there is none. */
  async mergeBase(one: string, other: string): Promise<string | undefined> {
    const { code, stdout } = await this.#git.run(['merge-base', one, other], { expected: [0, 1] });
    return code === 0 ? stdout.trim() : undefined;
  }
}
