import { existsSync, renameSync, rmSync } from 'node:fs';
import { blobOfPointer, parsePointer, POINTER_SIZES, type OriginalName } from '../originals/pointer.ts';
import { BACKGROUND, Git, GitError, gitSettings, NO_TIMEOUT } from '../storage/git.ts';
import { removeLeftovers, removePacksWithoutIndex } from '../storage/stale-files.ts';
import { PACKING, presentIn } from './backup-state.ts';
import { transferPack } from './pack-transfer.ts';
import { storageOf } from './stored-objects.ts';

/** The ref that protects uploads that no commit contains. The desk has no such ref. */
const PROTECTED = 'refs/backup/uploads';
/** If there are more packs, small ones are joined. */
const MOST_PACKS = 20;
/**
 * If the repository is larger than `LEAST_BYTES`, and more than `MOST_TIMES` as large as the desk's, all of it is packed
 * again, without unreachable objects.
 */
const MOST_TIMES = 3;
const LEAST_BYTES = 64 * 1024 ** 2;

const REPACKING = [...PACKING, ...gitSettings('pack.windowMemory=64m', 'repack.writeBitmaps=false')];

/** The bare repository of a backup, with the refs of the desk and every object that these reach. */
export class BackupRepository {
  readonly git: Git;

  private constructor(folder: string) {
    this.git = new Git(folder, NO_TIMEOUT);
  }

  /** Opens the repository, or creates it. Removes files that killed git processes have left. */
  static async open(folder: string): Promise<BackupRepository> {
    const repository = new BackupRepository(folder);
    if (!existsSync(folder)) {
      const unfinished = `${folder}.new`;
      rmSync(unfinished, { recursive: true, force: true });
      await new Git(unfinished).run(['init', '--bare', '--initial-branch=main', '--quiet', unfinished]);
      renameSync(unfinished, folder);
    }
    removeLeftovers(folder);
    removePacksWithoutIndex(folder);
    return repository;
  }

  close(): void {
    this.git.close();
  }

  /** Resolves to the commit ids of this repository's refs by name, without `PROTECTED`. */
  async refs(): Promise<Map<string, string>> {
    const { stdout } = await this.git.run(['for-each-ref', '--format=%(objectname) %(refname)']);
    const lines = stdout.split('\n').filter((line) => line !== '');
    const all = lines.map((line): [string, string] => [line.slice(line.indexOf(' ') + 1), line.split(' ')[0] ?? '']);
    return new Map(all.filter(([ref]) => ref !== PROTECTED));
  }

  /**
   * Copies the objects `wanted`, and every object to which these refer, from another repository, as one pack. Objects
   * that the refs of this repository reach are left out. Resolves to the number of copied bytes.
   */
  async receive(source: Git, wanted: Iterable<string>): Promise<number> {
    const ids = [...new Set(wanted)];
    const present = await presentIn(this.git, ids);
    const lacking = ids.filter((id) => !present.has(id));
    if (lacking.length === 0) return 0;
    const known = await presentIn(source, (await this.refs()).values());
    const input = [...lacking, ...Array.from(known, (id) => `^${id}`)].map((id) => `${id}\n`).join('');
    // Maintenance may have deleted a pack after git listed it. Its objects are in another pack, so a second try works.
    return this.#receive(source, input).catch(async (error: unknown) => {
      if (error instanceof GitError) return this.#receive(source, input);
      throw error;
    });
  }

  async #receive(source: Git, revisions: string): Promise<number> {
    return transferPack(source, revisions, true, async (pack) =>
      this.git.run([...PACKING, 'index-pack', '--stdin', '--fix-thin', '--strict'], {
        input: pack,
        niceness: BACKGROUND,
      }),
    );
  }

  /** Makes the refs of this repository equal to `refs`. The repository must contain every object that these reach. */
  async mirror(refs: ReadonlyMap<string, string>): Promise<void> {
    const before = await this.refs();
    const gone = [...before].filter(([ref]) => !refs.has(ref)).map(([ref]) => `delete ${ref}\0\0`);
    const set = [...refs].filter(([ref, id]) => before.get(ref) !== id).map(([ref, id]) => `update ${ref}\0${id}\0\0`);
    // Deletions come first, because `a/b` cannot be created while `a` exists.
    for (const lines of [gone, set]) {
      if (lines.length === 0) continue;
      await this.git.run(['update-ref', '-z', '--stdin'], { input: `start\0${lines.join('')}prepare\0commit\0` });
    }
    if (gone.length + set.length > 0) await this.git.run(['pack-refs', '--all']);
  }

  /** Resolves to the originals to which those objects point that can be reached from `refs` and not from `before`. */
  async pointersSince(refs: Iterable<string>, before: Iterable<string>): Promise<OriginalName[]> {
    const tips = new Set(refs);
    const known = await presentIn(this.git, before);
    const input = [...tips, ...Array.from(known, (id) => `^${id}`)].map((id) => `${id}\n`).join('');
    const listed = await this.git.run(['rev-list', '--objects', '--no-object-names', '--stdin'], { input });
    return this.#pointersAmong(listed.stdout.split('\n').filter((id) => id !== ''));
  }

  /** Resolves to the originals to which the objects among `ids` that are pointers point. */
  async #pointersAmong(ids: readonly string[]): Promise<OriginalName[]> {
    const check = ['cat-file', '--batch-check=%(objecttype) %(objectsize) %(objectname)', '--buffer'];
    const { stdout } = await this.git.run(check, { input: ids.map((id) => `${id}\n`).join('') });
    const names: OriginalName[] = [];
    for (const line of stdout.split('\n')) {
      const [type, size, id = ''] = line.split(' ');
      if (type !== 'blob' || Number(size) < POINTER_SIZES.from || Number(size) > POINTER_SIZES.to) continue;
      const found = await this.git.read(id);
      const name = found && parsePointer(found.content);
      if (name) names.push(name);
    }
    return names;
  }

  /** Resolves to those originals of `names` to which no object points that can be reached from `refs`. */
  async unreached(names: readonly OriginalName[], refs: Iterable<string>): Promise<OriginalName[]> {
    if (names.length === 0) return [];
    const left = new Map(names.map((name) => [blobOfPointer(name), name] as const));
    const { stdout } = await this.git.run(['rev-list', '--objects', '--no-object-names', '--stdin'], {
      input: Array.from(new Set(refs), (id) => `${id}\n`).join(''),
      niceness: BACKGROUND,
    });
    for (const id of stdout.split('\n')) left.delete(id);
    return [...left.values()];
  }

  /**
   * Joins small packs if there are many. If the repository is much larger than the desk's, packs everything again
   * without the objects that can be reached neither from a ref nor from the blobs `uploads`.
   */
  async tidy(deskBytes: number, uploads: Iterable<string>): Promise<void> {
    const { packs, size } = await storageOf(this.git);
    if (size > LEAST_BYTES && size > MOST_TIMES * deskBytes) {
      await this.#protect(await presentIn(this.git, uploads));
      await this.git.run([...REPACKING, 'repack', '-a', '-d', '-q'], { niceness: BACKGROUND });
      await this.git.run(['prune-packed', '-q']);
    } else if (packs > MOST_PACKS) {
      await this.git.run([...REPACKING, 'repack', '--geometric=2', '-d', '-q'], { niceness: BACKGROUND });
    }
  }

  /** Sets the ref that protects some blobs. */
  async #protect(blobs: ReadonlySet<string>): Promise<void> {
    const input = Array.from(blobs, (id) => `100644 blob ${id}\t${id}\n`).join('');
    const { stdout } = await this.git.run(['mktree'], { input });
    await this.git.run(['update-ref', PROTECTED, stdout.trim()]);
  }
}
