import { entryAt } from '../../model/entry-path.ts';
import { versionAfter, type Migration } from '../../model/migrations.ts';
import { DRAFTS, entryRefOfBranch, type EntryRef } from '../domain/entry-ref.ts';
import { Refusal } from '../domain/refusal.ts';
import { DESK_AUTHOR } from '../storage/author.ts';
import { MODEL_TRAILER } from '../storage/commit-log.ts';
import { MAIN, type RefUpdate, type Repository, type TreeChange } from '../storage/repository.ts';

/** The result of a migration: whether main was migrated, and the number of migrated drafts. */
export interface MigrationResult {
  main: boolean;
  drafts: number;
}

/** Writes migrated commits: their entries are in the newest version of the content model. */
class Migrator {
  readonly #repository: Repository;
  readonly #steps: readonly Migration[];
  readonly #target: number;

  constructor(repository: Repository, steps: readonly Migration[]) {
    this.#repository = repository;
    this.#steps = steps;
    this.#target = versionAfter(steps);
  }

  /**
   * Resolves to whether the entries of a commit are written in an older version of the content model.
   * @throws Refusal 409 if they are written in a newer version than this program knows.
   */
  async isOld(commit: string): Promise<boolean> {
    const version = await this.#repository.log.modelOf(commit);
    if (version > this.#target) {
      throw new Refusal(
        409,
        `稿件库是由更新版本的软件写的（内容模型第 ${version} 版，这里只认识到第 ${this.#target} 版）：请换回更新的软件，或用旧的备份恢复。`,
      );
    }
    return version < this.#target;
  }

  /**
   * Writes the commit that follows main's commit `head`, with every entry migrated. Resolves to the id of the new
   * commit.
   */
  async main(head: string): Promise<string> {
    const changes = await this.#changes(head, await this.#repository.files(head));
    const tree = await this.#repository.tree(head, changes);
    const version = await this.#repository.log.modelOf(head);
    const subject = this.#from(version)
      .map(({ what }) => what)
      .join('；');
    return this.#repository.commit(tree, [head], DESK_AUTHOR, { subject, trailers: { 'Desk-By': DESK_AUTHOR.login } });
  }

  /**
   * Writes the next commit of a draft, with its entry migrated; author and state stay the same. Resolves to the id of
   * the new commit. If the entry has not been published since the draft was started, the new commit is based on the
   * current main. Publishing the draft then causes no conflict. Otherwise the draft keeps its base, and people must
   * merge it.
   */
  async draft(name: EntryRef, commit: string, main: string): Promise<string> {
    const own = await this.#own(name, commit);
    const base = await this.#repository.log.mergeBase(main, commit);
    const before = base === undefined ? new Map<string, string>() : await this.#own(name, base);
    const published = await this.#own(name, main);
    const unmoved = before.size === published.size && [...before].every(([path, blob]) => published.get(path) === blob);
    const onto = unmoved ? main : commit;
    const there = unmoved ? published : await this.#own(name, commit);
    const changes: TreeChange[] = [
      ...[...there.keys()].filter((path) => !own.has(path)).map((path) => ({ path, blob: undefined })),
      ...Array.from(own, ([path, blob]) => ({ path, blob })),
    ];
    const tree = await this.#repository.tree(onto, changes);
    const text = await this.#repository.commitText(commit);
    const [, author = DESK_AUTHOR.name, login = DESK_AUTHOR.login] =
      /^author (.*) <([^>]*)@[^>]*> \d+/mu.exec(text) ?? [];
    const message = text.slice(text.indexOf('\n\n'));
    const trailers: Record<string, string[]> = {};
    for (const [, key = '', value = ''] of message.matchAll(/^(Desk-[A-Za-z-]+): (.*)$/gmu)) {
      // The new commit gets a new trailer for the version of the model.
      if (key !== MODEL_TRAILER) (trailers[key] ??= []).push(value);
    }
    const version = await this.#repository.log.modelOf(commit);
    const subject = this.#from(version)
      .map(({ what }) => what)
      .join('；');
    const parents = unmoved ? [commit, main] : [commit];
    return this.#repository.commit(tree, parents, { name: author, login }, { subject, trailers });
  }

  #from(version: number): readonly Migration[] {
    return this.#steps.filter(({ from }) => from >= version);
  }

  /**
   * Resolves to the ids of the blobs of an entry's files in a commit, by path. The blob of the entry's text is the
   * migrated one.
   */
  async #own({ file, folder }: EntryRef, commit: string): Promise<Map<string, string>> {
    const alone = await this.#repository.blobAt(commit, file);
    const files =
      folder !== undefined
        ? await this.#repository.files(commit, folder)
        : alone === undefined
          ? []
          : [{ path: file, blob: alone }];
    const own = new Map(files.map(({ path, blob }) => [path, blob] as const));
    for (const { path, blob } of await this.#changes(commit, files)) if (blob !== undefined) own.set(path, blob);
    return own;
  }

  /**
   * Migrates the entry files among `files`, which are files of `commit`. Resolves to the paths and new blobs of the
   * files that the migration changed. The steps of the migration depend on the version of the content model in
   * `commit`.
   */
  async #changes(
    commit: string,
    files: readonly { path: string; blob: string }[],
  ): Promise<{ path: string; blob: string }[]> {
    const steps = this.#from(await this.#repository.log.modelOf(commit));
    if (steps.length === 0) return [];
    const changed = await Promise.all(
      files.map(async ({ path, blob }) => {
        if (!entryAt(path)) return [];
        const text = (await this.#repository.bytes(blob)).toString();
        const next = steps.reduce((before, step) => step.change(path, before), text);
        return next === text ? [] : [{ path, blob: await this.#repository.write(next) }];
      }),
    );
    return changed.flat();
  }
}

/**
 * Migrates a repository to the newest version of the content model. Writes one commit for main and one for each draft,
 * and then moves all refs in one call. Git moves the refs one by one, main first. The version is in a trailer of each
 * commit. So if the process is killed, the next start recognises the refs that were not moved, and migrates them. The
 * caller must be the only writer, and must have deleted drafts that are published already.
 * @throws Refusal 409 if anything is written in a newer version; then nothing has changed.
 */
export async function migrate(repository: Repository, steps: readonly Migration[]): Promise<MigrationResult> {
  const migrator = new Migrator(repository, steps);
  const head = await repository.head();
  const drafts: { name: EntryRef; ref: string; commit: string }[] = [];
  const oldMain = await migrator.isOld(head);
  for (const [ref, commit] of await repository.refs(DRAFTS)) {
    const name = entryRefOfBranch(ref);
    if (name && (await migrator.isOld(commit))) drafts.push({ name, ref, commit });
  }
  const main = oldMain ? await migrator.main(head) : head;
  const updates: RefUpdate[] = oldMain ? [{ ref: MAIN, from: head, to: main }] : [];
  for (const { name, ref, commit } of drafts) {
    updates.push({ ref, from: commit, to: await migrator.draft(name, commit, main) });
  }
  if (updates.length > 0 && !(await repository.move(updates))) {
    throw new Error('The repository was changed by another process while it was migrated. Start again.');
  }
  return { main: oldMain, drafts: drafts.length };
}
