// npm run check: every rule over CONTENT_DIR; exit 1 and all faults.
import { join } from 'node:path';
import { FolderSource } from '../library/folder.ts';
import { Library } from '../library/library.ts';
import { openStore } from '../photo/store.ts';
import { ownPages } from '../render/own-pages.ts';
import { PhotoFiles } from '../render/photo-files.ts';
import { faultReport } from './report.ts';
import { cacheFolder, contentFolder, Refusal, requireContent, run } from './settings.ts';

await run(async () => {
  const content = contentFolder();
  requireContent(content);
  const library = new Library({ origin: '', ownPages: ownPages() }, new Map());
  const store = openStore(join(cacheFolder(), 'encoded'));
  const photos = new PhotoFiles(store);
  const proposal = await library.look(new FolderSource(content), photos);
  const faults = library.faultsAfter(proposal);
  if (faults.length > 0) throw new Refusal(faultReport(faults));
  console.log(`${content}：${proposal.decision.put.length} 篇内容，没有问题。`);
});
