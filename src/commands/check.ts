// npm run check: every rule over CONTENT_DIR; all faults and exit 1, and what is to be remarked besides.
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
  // Remembers the hashes of files, so that a photo which was judged is not even read again.
  const memory = new Journal(join(cache, 'check.sqlite'));
  const proposal = await library
    .look(new FolderSource(content), new PhotoFiles(store, memory))
    .finally(() => memory.close());
  const remarks = remarkReport(library.verdictOn(proposal, proposal.judged).remarks);
  if (remarks !== '') console.log(remarks);
  const faults = library.faultsAfter(proposal);
  if (faults.length > 0) throw new CommandRefusal(faultReport(faults));
  console.log(`${content}：${proposal.decision.put.length} 篇内容，没有问题。`);
});
