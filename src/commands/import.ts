// npm run import -- FOLDER: imports a folder as drafts: entries, laid out like content/, with every fault in them, and
// Word documents (.docx), with a line for each.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { makePrivateFiles } from '../desk/storage/private-files.ts';
import { FolderSource } from '../library/content/folder-source.ts';
import { entryAt } from '../model/entry-path.ts';
import { requireGit } from './environment/machine.ts';
import { CommandRefusal, dataFolder, runCommand } from './environment/settings.ts';
import { ImportTarget } from './importing/import-target.ts';
import { documentsIn, otherFiles, WordImport } from './importing/word-import.ts';
import { faultReport } from './report.ts';

/** Imports the entries of a folder and prints a line for each. Resolves to a report on their faults, '' if none. */
async function importEntries(source: FolderSource, target: ImportTarget): Promise<string> {
  const imported = await target.importEntries(source);
  for (const { file, outcome, reason, withdrawnPhotos } of imported) {
    const left = withdrawnPhotos === undefined ? '' : `；有 ${withdrawnPhotos} 张照片在原来的地方已撤下，没有导入`;
    if (outcome === 'draft') console.log(`＋ ${file}：已成为草稿${left}`);
    if (outcome === 'unchanged') console.log(`＝ ${file}：与已发布的一样，不用导入${left}`);
    if (outcome === 'skipped') console.log(`－ ${file}：${reason ?? ''}`);
  }
  const faults = await target.faultsIn(source);
  const count = imported.filter(({ outcome }) => outcome === 'draft').length;
  console.log(`导入了 ${count} 篇草稿，共 ${imported.length} 篇。`);
  return faults.length > 0 ? `${faultReport(faults)}\n草稿已经保存；送审以前请在编辑台里改正。` : '';
}

/** Imports Word documents and prints a line for each. Resolves to a sentence on those that were skipped, '' if none. */
async function importDocuments(folder: string, paths: readonly string[], target: ImportTarget): Promise<string> {
  if (!target.takesComments) {
    throw new CommandRefusal('编辑台还没有启动过，Word 稿件里要核对的地方没处记：请先运行一次 npm start，再来导入。');
  }
  const word = new WordImport(folder, target, await target.siteNames());
  let drafts = 0;
  for (const path of paths) {
    const { outcome, line } = await word.import(path);
    if (outcome === 'draft') drafts += 1;
    console.log(line);
  }
  console.log(`由 ${paths.length} 个文档导入了 ${drafts} 篇草稿；要核对的地方写在每篇的批注里。`);
  const skipped = paths.length - drafts;
  return skipped > 0 ? `有 ${skipped} 个文档没有导入，原因见上面以“－”开头的行。` : '';
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
  const target = await ImportTarget.open(dataFolder());
  try {
    const source = new FolderSource(folder);
    const paths = [...(await source.list()).keys()];
    const documents = documentsIn(paths);
    const hasEntries = paths.some((path) => entryAt(path) !== undefined);
    const others = documents.length > 0 ? otherFiles(paths) : '';
    const reports = [
      ...(hasEntries || documents.length === 0 ? [await importEntries(source, target)] : []),
      ...(documents.length > 0 ? [await importDocuments(folder, documents, target)] : []),
    ].filter((report) => report !== '');
    if (others !== '') console.log(others);
    if (reports.length > 0) throw new CommandRefusal(reports.join('\n'));
  } finally {
    await target.close();
  }
});
