import type { Source } from '../../library/content/content-source.ts';
import type { Repository } from './repository.ts';

/** The content of one commit as a Source. The stamp of a file is the id of its blob. */
export class CommitSource implements Source {
  readonly commit: string;
  readonly #repository: Repository;

  constructor(repository: Repository, commit: string) {
    this.#repository = repository;
    this.commit = commit;
  }

  async list(): Promise<Map<string, string>> {
    const files = await this.#repository.files(this.commit);
    return new Map(files.map(({ path, blob }) => [path, blob] as const));
  }

  async stamps(paths: Iterable<string>): Promise<Map<string, string>> {
    const found = await Promise.all(
      Array.from(paths, async (path) => [path, await this.#repository.blobAt(this.commit, path)] as const),
    );
    return new Map(found.flatMap(([path, blob]) => (blob === undefined ? [] : [[path, blob] as const])));
  }

  async read(path: string): Promise<Uint8Array> {
    return this.#repository.bytes(await this.blobOf(path));
  }

  /** Returns the blob of a file. @throws Error if the commit has no such file. */
  async blobOf(path: string): Promise<string> {
    const blob = await this.#repository.blobAt(this.commit, path);
    if (blob === undefined) throw new Error(`${path} is not in commit ${this.commit}.`);
    return blob;
  }
}
