// npm run build: builds the site from CONTENT_DIR into OUT_DIR. Later runs render only what has changed. With STATIC=1,
// Astro's static build makes the same pages.
import { mkdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { FolderSource } from '../library/content/folder-source.ts';
import { openStore } from '../photo/store/store.ts';
import { compile } from '../render/compile/compile.ts';
import { ENCODINGS } from '../render/output/compression.ts';
import { collectPhotos } from '../render/publish/photo-files.ts';
import { Publisher } from '../render/publish/publisher.ts';
import { buildStatically } from '../render/publish/static-build.ts';
import { endIndexing } from '../search/index/indexing.ts';
import { collectedLine, faultReport, missingLine, progressLine } from './report.ts';
import {
  cacheFolder,
  contentFolder,
  originOr,
  outputFolder,
  CommandRefusal,
  requireContent,
  runCommand,
} from './environment/settings.ts';

await runCommand(async () => {
  const cache = cacheFolder();
  const content = contentFolder();
  requireContent(content);
  const common = {
    source: new FolderSource(content),
    store: openStore(join(cache, 'encoded'), { onInspected: progressLine('查看照片') }),
    output: outputFolder(),
    origin: originOr('http://127.0.0.1:4321'),
    onPhotos: progressLine('照片编码'),
    onPages: progressLine('生成页面'),
  };
  await mkdir(cache, { recursive: true });
  if (process.env['STATIC'] === '1') {
    const faults = await buildStatically(common);
    if (faults.length > 0) throw new CommandRefusal(faultReport(faults));
    console.log(`静态构建完成：${common.output}`);
    return;
  }
  const bundle = await compile(join(cache, 'bundle'));
  const publisher = await Publisher.open({ ...common, bundle, journal: join(cache, 'journal.sqlite') });
  try {
    const faults = publisher.library.faultsAfter(await publisher.propose());
    if (faults.length > 0) throw new CommandRefusal(faultReport(faults));
    const { rendered, written, removed, milliseconds } = await publisher.publish();
    const seconds = (milliseconds.total / 1000).toFixed(2);
    console.log(`生成 ${rendered} 页（改写 ${written}，移除 ${removed}），用时 ${seconds} 秒。`);
    const workers = availableParallelism();
    for (const encoding of ENCODINGS) await publisher.compressPages(encoding, { workers });
    const indexed = await publisher.index({ fold: true });
    if (indexed !== undefined) console.log(`搜索索引：${indexed} 篇。`);
    // Thousands of posters take an hour to draw. If a signal stops the drawing, the rest of the site is complete, and
    // the publisher is still closed.
    const stop = new AbortController();
    const stopDrawing = (): void =>
      stop.abort(new CommandRefusal(`海报没有画完就停了，其余都已完成：${common.output}。再构建时接着画。`));
    // npm forwards a signal that the terminal has already sent, so the signal may arrive twice.
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, stopDrawing);
    const { drawn, missing } = await publisher.drawPosters({
      workers: availableParallelism(),
      signal: stop.signal,
      onDrawn: progressLine('画海报'),
    });
    if (drawn > 0) console.log(`海报：${drawn} 张。`);
    for (const [address, characters] of missing) console.log(missingLine(address, characters));
    const collected = collectedLine(await collectPhotos(common.store, publisher.library.store.versions.values()));
    if (collected !== undefined) console.log(collected);
    console.log(`构建完成：${common.output}`);
  } finally {
    await publisher.close();
    await endIndexing();
  }
});
