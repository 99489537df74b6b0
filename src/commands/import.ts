// npm run import -- FOLDER: imports a folder of entries, laid out like content/, as drafts, and prints every fault in
// them.
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Drafts } from '../desk/drafts/drafts.ts';
import { CommitSource } from '../desk/storage/commit-source.ts';
import { openOriginals } from '../desk/originals/open-originals.ts';
import { PhotoSource } from '../desk/originals/photo-source.ts';
import { StoredPhotos } from '../desk/originals/stored-photos.ts';
import { StoringSource } from '../desk/originals/storing-source.ts';
import { UnreachedOriginals } from '../desk/originals/unreached-originals.ts';
import { importEntries } from '../desk/editing/import-folder.ts';
import { repositoryFolder } from '../desk/storage/create-repository.ts';
import { Repository } from '../desk/storage/repository.ts';
import { TextThreads } from '../desk/texts/text-threads.ts';
import { FolderSource } from '../library/content/folder-source.ts';
import { makePrivateFiles } from '../desk/storage/private-files.ts';
import { Library } from '../library/library.ts';
import { MODEL_VERSION } from '../model/migrations.ts';
import { openStore } from '../photo/store/store.ts';
import { ownPages } from '../render/compile/mdx-pages.ts';
import { PhotoFiles } from '../render/publish/photo-files.ts';
import { requireGit } from './environment/machine.ts';
import { originalsPlace } from './environment/originals.ts';
import { faultReport } from './report.ts';
import { dataFolder, CommandRefusal, runCommand } from './environment/settings.ts';

/** Opens the database of a desk, which may be running; undefined if there is none. */
function openDatabase(file: string): DatabaseSync | undefined {
  if (!existsSync(file)) return undefined;
  const database = new DatabaseSync(file, { timeout: 5000 });
  UnreachedOriginals.createTable(database);
  return database;
}

await runCommand(async () => {
  makePrivateFiles();
  const [given] = process.argv.slice(2);
  const folder = resolve(given ?? '');
  if (given === undefined || !existsSync(folder)) {
    throw new CommandRefusal(
      `找不到要导入的文件夹${given === undefined ? '' : ` ${folder}`}。用法：npm run import -- 文件夹`,
    );
  }
  await requireGit();
  const data = dataFolder();
  if (!existsSync(join(repositoryFolder(data), 'HEAD'))) {
    throw new CommandRefusal(`${data} 里还没有编辑台的稿件库：请先运行一次 npm start。`);
  }
  const source = new FolderSource(folder);
  const originals = await openOriginals(data, originalsPlace(), { alone: false });
  const database = openDatabase(join(data, 'desk.sqlite'));
  // Waits for a running desk that removes the same original.
  const unreached = database && new UnreachedOriginals(database);
  const repository = await Repository.join(repositoryFolder(data));
  const texts = new TextThreads();
  try {
    const head = await repository.head().catch(() => {
      throw new CommandRefusal(`${data} 里的稿件库（content.git）读不出来，没有导入：请先运行 npm start，看它怎么说。`);
    });
    if ((await repository.log.modelOf(head)) !== MODEL_VERSION) {
      throw new CommandRefusal(`${data} 里的稿件库是由另一个版本的软件写的：请先运行一次 npm start，再来导入。`);
    }
    const author = { name: process.env['EDITOR_NAME'] || '导入', login: 'import', role: 'reviewer' as const };
    const claim = async (hash: string) => unreached?.claim(hash);
    const stored = new StoredPhotos(repository, originals, { claim });
    const storing = new StoringSource(source, async (file, name) => stored.store(file, name));
    const imported = await importEntries(storing, repository, new Drafts(repository), author, texts);
    for (const { file, outcome, reason } of imported) {
      if (outcome === 'draft') console.log(`＋ ${file}：已成为草稿`);
      if (outcome === 'unchanged') console.log(`＝ ${file}：与已发布的一样，不用导入`);
      if (outcome === 'skipped') console.log(`－ ${file}：${reason ?? ''}`);
    }
    // The imported entries are checked together with the published ones, because they may refer to published entries.
    const library = new Library({ origin: '', ownPages: ownPages() }, new Map());
    const photos = new PhotoFiles(openStore(join(data, 'encoded')));
    const published = new PhotoSource(new CommitSource(repository, await repository.head()), stored);
    library.accept(await library.propose(published, photos));
    const files = [...(await source.list()).keys()];
    const { decision } = await library.propose(source, photos, files);
    const own = new Set(files);
    const faults = [...decision.faults].filter(([file]) => own.has(file)).flatMap(([, found]) => found);
    const count = imported.filter(({ outcome }) => outcome === 'draft').length;
    console.log(`导入了 ${count} 篇草稿，共 ${imported.length} 篇。`);
    if (faults.length > 0) throw new CommandRefusal(`${faultReport(faults)}\n草稿已经保存；送审以前请在编辑台里改正。`);
  } finally {
    await texts.close();
    repository.close();
    originals.close();
    database?.close();
  }
});
