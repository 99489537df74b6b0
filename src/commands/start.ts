// npm start: builds what is missing and serves the site; a file saved in CONTENT_DIR is live at once.
import { join } from 'node:path';
import { createServer } from '../desk/server.ts';
import { watchFolder } from '../desk/watching.ts';
import { FolderSource } from '../library/folder.ts';
import type { Fault } from '../model/fault.ts';
import { openStore } from '../photo/store.ts';
import { compile } from '../render/compile.ts';
import { Publisher } from '../render/publisher.ts';
import { endIndexing } from '../search/indexing.ts';
import { portFrom, requireGit, requireWritable } from './machine.ts';
import { faultReport, progressLine } from './report.ts';
import { contentFolder, dataFolder, originOr, Refusal, requireContent, run } from './settings.ts';

/** Says what is wrong with the content, and that readers keep what they have. */
function reportFaults(faults: readonly Fault[]): void {
  if (faults.length === 0) return;
  console.log(`${faultReport(faults)}\n有问题的内容没有上线：以前上线过的，网站保留上一个好的版本。`);
}

await run(async () => {
  const data = dataFolder();
  const content = contentFolder();
  const host = process.env['HOST'] || '127.0.0.1';
  const port = portFrom(process.env['PORT'], 4321);
  // Refused here rather than after the long steps.
  originOr(`http://${host}`);
  await requireGit();
  await requireWritable(data);
  requireContent(content);

  const site = join(data, 'site');
  await requireWritable(site);
  const server = await createServer({ site });
  // The port is taken before the long steps, so that two starts cannot write the same folder.
  const address = await server.listen({ host, port }).catch((error: unknown) => {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EADDRINUSE')
      throw new Refusal(`端口 ${port} 已被占用：请先停掉占用它的程序，或用 PORT 另选一个端口。`);
    if (code === 'EACCES') throw new Refusal(`端口 ${port} 不允许使用：请用 PORT 另选一个 1024 以上的端口。`);
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
      throw new Refusal(`地址 ${host} 不是这台机器的：请检查 HOST。`);
    throw error;
  });

  console.log('正在准备网站……');
  const publisher = await Publisher.open({
    source: new FolderSource(content),
    bundle: await compile(join(data, 'bundle')),
    store: openStore(join(data, 'encoded')),
    journal: join(data, 'journal.sqlite'),
    output: site,
    origin: originOr(address),
    onPhotos: progressLine('照片编码'),
    onPages: progressLine('生成页面'),
  });

  let indexing: Promise<unknown> = Promise.resolve();
  /** Brings search up to date behind what readers already see; one at a time. */
  const index = (): void => {
    indexing = indexing
      .then(async () => publisher.index())
      .catch((error: unknown) => console.error(error instanceof Error ? error.message : error));
  };
  const publish = async (paths?: Set<string>): Promise<void> => {
    try {
      const { rendered, faults, milliseconds } = await publisher.publish(paths);
      if (paths && rendered > 0) console.log(`已上线：更新 ${rendered} 页，${Math.round(milliseconds.total)} 毫秒。`);
      reportFaults(faults);
      index();
    } catch (error) {
      console.error('发布没有完成，网站保持原样；下一次保存时会再试。', error);
    }
  };

  // Watching begins first: what is saved during the first look is seen by the next.
  const watching = await watchFolder(content, publish);
  await publish();
  console.log(`网站：${address}/\n内容文件夹：${content}（保存即上线，按 Ctrl+C 停止）`);

  const stop = async (): Promise<void> => {
    await watching.close();
    await server.close();
    await indexing;
    await publisher.close();
    await endIndexing();
    process.exit(0);
  };
  process.once('SIGINT', () => void stop());
  process.once('SIGTERM', () => void stop());
});
