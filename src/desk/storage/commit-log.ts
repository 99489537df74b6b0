import type { Git } from './git.ts';
import type { Author } from './repository.ts';

/** The trailer that says by which version of the model a commit's entries are written. */
export const MODEL_TRAILER = 'Desk-Model';

/** A commit as a history lists it. */
export interface LoggedCommit {
  id: string;
  parents: readonly string[];
  author: Author;
  /** When it was made (ISO 8601). */
  at: string;
  message: string;
}

/** Fields of a logged commit, each ended by NUL: its message cannot hold one. */
const LOG_FORMAT = ['%H', '%P', '%an', '%ae', '%at', '%B'];

/** What the commits of a repository say: of main, of a draft, of one another. */
export class CommitLog {
  readonly #git: Git;

  constructor(git: Git) {
    this.#git = git;
  }

  /** The messages of the commits that made main what it is, after another commit of it (undefined: all), oldest first. */
  async messages(head: string, after: string | undefined): Promise<string[]> {
    const range = after === undefined ? head : `${after}..${head}`;
    const { stdout } = await this.#git.run(['log', '--first-parent', '--reverse', '-z', '--format=%B', range]);
    return stdout.split('\0');
  }

  /**
   * The commits of a line from its tip back, newest first, along first parents; `without`: those that are in the line
   * of another commit are left out; `path`: only those that changed what is there.
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

  /** The version of the model that the entries of a commit are written by: 1 where nobody has said. */
  async modelOf(commit: string): Promise<number> {
    const said = new RegExp(`^${MODEL_TRAILER}: (\\d+)$`, 'mu');
    const own = said.exec((await this.#git.read(commit))?.content.toString() ?? '');
    if (own) return Number(own[1]);
    // Committed by hand, or before versions were written down: the nearest that says it.
    const pattern = `--grep=^${MODEL_TRAILER}: [0-9]+$`;
    const { stdout } = await this.#git.run(['log', '-1', '-E', pattern, '--format=%B', commit]);
    return Number(said.exec(stdout)?.[1] ?? 1);
  }

  /** The commit that two commits have both begun with; undefined: none. */
  async mergeBase(one: string, other: string): Promise<string | undefined> {
    const { code, stdout } = await this.#git.run(['merge-base', one, other], { expected: [0, 1] });
    return code === 0 ? stdout.trim() : undefined;
  }
}
