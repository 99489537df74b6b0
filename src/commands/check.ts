// npm run check: applies every rule to CONTENT_DIR. Prints all remarks and all faults; exits with code 1 if there is a
// fault.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { FolderSource } from '../library/content/folder-source.ts';
import { Library } from '../library/library.ts';
import { openStore } from '../photo/store/store.ts';
import { Journal } from '../render/publish/journal.ts';
import { ownPages } from '../render/compile/mdx-pages.ts';
import { PhotoFiles } from '../render/publish/photo-files.ts';
import { faultReport, progressLine, remarkReport } from './report.ts';
import { cacheFolder, contentFolder, CommandRefusal, requireContent, runCommand } from './environment/settings.ts';

await runCommand(async () => {
  const content = contentFolder();
  requireContent(content);
  const library = new Library({ origin: '', ownPages: ownPages() }, new Map());
  const cache = cacheFolder();
  await mkdir(cache, { recursive: true });
  const store = openStore(join(cache, 'encoded'), { onInspected: progressLine('查看照片') });
  // The journal stores the hashes of files, so that a photo judged earlier is not read again.
  const journal = new Journal(join(cache, 'check.sqlite'));
  const proposal = await library
    .propose(new FolderSource(content), new PhotoFiles(store, journal))
    .finally(() => journal.close());
  const remarks = remarkReport(library.verdictOn(proposal, proposal.judged).remarks);
  if (remarks !== '') console.log(remarks);
  const faults = library.faultsAfter(proposal);
  if (faults.length > 0) throw new CommandRefusal(faultReport(faults));
  console.log(`${content}：${proposal.decision.put.length} 篇内容，没有问题。`);
});
