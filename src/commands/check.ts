// npm run check: every rule over CONTENT_DIR; all faults and exit 1, and what is to be remarked besides.
import { join } from 'node:path';
import { FolderSource } from '../library/folder.ts';
import { Library } from '../library/library.ts';
import { openStore } from '../photo/store.ts';
import { ownPages } from '../render/own-pages.ts';
import { PhotoFiles } from '../render/photo-files.ts';
import { faultReport, remarkReport } from './report.ts';
import { cacheFolder, contentFolder, Refusal, requireContent, run } from './settings.ts';

await run(async () => {
  const content = contentFolder();
  requireContent(content);
  const library = new Library({ origin: '', ownPages: ownPages() }, new Map());
  const store = openStore(join(cacheFolder(), 'encoded'));
  const photos = new PhotoFiles(store);
  const proposal = await library.look(new FolderSource(content), photos);
  const remarks = remarkReport(library.verdictOn(proposal, proposal.judged).remarks);
  if (remarks !== '') console.log(remarks);
  const faults = library.faultsAfter(proposal);
  if (faults.length > 0) throw new Refusal(faultReport(faults));
  console.log(`${content}：${proposal.decision.put.length} 篇内容，没有问题。`);
});
