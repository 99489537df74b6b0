// npm start: builds what is missing and starts the server of the site and the desk.
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { editorBundle } from '../desk/api/editor-bundle.ts';
import { openDesk } from '../desk/open-desk.ts';
import { createServer, type ServerOptions } from '../desk/server.ts';
import { Damage, damageIn, isDamagedDatabase, unusableJournal } from '../desk/storage/damage.ts';
import { OLD_REPOSITORY } from '../desk/storage/finish-restore.ts';
import { makeOwnerOnly, makePrivateFiles } from '../desk/storage/private-files.ts';
import { FolderSource } from '../library/content/folder-source.ts';
import { openStore } from '../photo/store/store.ts';
import { compile } from '../render/compile/compile.ts';
import { collectPhotos } from '../render/publish/photo-files.ts';
import { Publisher } from '../render/publish/publisher.ts';
import { endIndexing } from '../search/index/indexing.ts';
import { portFrom, proxiesFrom, requireGit, requireWritable } from './environment/machine.ts';
import { originalsPlace } from './environment/originals.ts';
import { collectedLine, faultReport, progressLine } from './report.ts';
import {
  cacheFolder,
  contentFolder,
  dataFolder,
  originOr,
  CommandRefusal,
  requireContent,
  runCommand,
} from './environment/settings.ts';

/**
 * Longest time that stopping may take, in milliseconds: 30 s for requests in progress (graceful-close.ts), the rest for
 * the steps after them.
 */
const STOPPING_MILLISECONDS = 60_000;

/** Prints a problem of the running server to the console. */
function report(error: unknown): void {
  console.error(error instanceof Error ? error.message : error);
}

/** The host and port on which a server listens, and its options. With port 0, any free port is used. */
interface ListenOptions extends Pick<ServerOptions, 'site' | 'host' | 'baseUrl' | 'proxies'> {
  host: string;
  port: number;
}

/** Makes a server listen. Resolves to its URL. @throws CommandRefusal if the port or the host cannot be used. */
async function listen(server: FastifyInstance, { host, port }: ListenOptions): Promise<string> {
  return server.listen({ host, port }).catch((error: unknown) => {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EADDRINUSE')
      throw new CommandRefusal(`端口 ${port} 已被占用：请先停掉占用它的程序，或用 PORT 另选一个端口。`);
    if (code === 'EACCES') throw new CommandRefusal(`端口 ${port} 不允许使用：请用 PORT 另选一个 1024 以上的端口。`);
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
      throw new CommandRefusal(`地址 ${host} 不是这台机器的：请检查 HOST。`);
    throw error;
  });
}

/**
 * Runs `end` on SIGINT or SIGTERM and then exits with code 0. Exits at once with code 1 on a second signal, or if `end`
 * takes longer than STOPPING_MILLISECONDS. Returns a function that says whether a signal has arrived.
 */
function stopWhenAsked(end: () => Promise<void>): () => boolean {
  let stopping = false;
  const stop = async (): Promise<void> => {
    if (stopping) process.exit(1);
    stopping = true;
    setTimeout(() => process.exit(1), STOPPING_MILLISECONDS).unref();
    await end();
    process.exit(0);
  };
  process.on('SIGINT', () => void stop());
  process.on('SIGTERM', () => void stop());
  return () => stopping;
}

/**
 * Starts a server without a desk, which sends readers the site as it was last published. The data folder stays
 * unlocked, so that a backup can be restored into it.
 * @throws Damage if nothing has been published.
 */
async function serveReadersOnly(damage: Damage, options: ListenOptions): Promise<void> {
  if (!existsSync(join(options.site, 'index.html'))) throw damage;
  const server = await createServer({ ...options, wrong: damage.wrong });
  const address = await listen(server, options);
  console.error(damage.message);
  console.log(`读者网站：${address}/（照常，是上次发布的样子）`);
  stopWhenAsked(async () => server.close());
}

await runCommand(async () => {
  makePrivateFiles();
  const data = dataFolder();
  const content = contentFolder();
  const host = process.env['HOST'] || '127.0.0.1';
  const port = portFrom(process.env['PORT'], 4321);
  // Throws now if BASE_URL is invalid, not only after the long steps.
  originOr(`http://${host}`);
  const baseUrl = process.env['BASE_URL'] ? originOr('') : undefined;
  const proxies = proxiesFrom(process.env['TRUST_PROXY']);
  const originals = originalsPlace();
  await requireGit();
  await requireWritable(data);
  requireContent(content);
  const site = join(data, 'site');
  await requireWritable(site);
  const cache = cacheFolder();
  await requireWritable(cache, 'CACHE_DIR');
  makeOwnerOnly(data);
  const options: ListenOptions = { site, host, port, baseUrl, proxies };

  // One processor core is kept free for responses to readers.
  const workers = Math.max(1, availableParallelism() - 1);
  const reportInspected = progressLine('查看照片');
  let live = false;
  const onInspected = (done: number, total: number): void => {
    if (!live) reportInspected(done, total);
  };
  const store = openStore(join(data, 'encoded'), { workers, onInspected });
  const publisher = Promise.withResolvers<Publisher>();
  const admin = Promise.withResolvers<string>();
  // A failed start is reported by runCommand. These promises must not also count as unhandled rejections.
  for (const { promise } of [publisher, admin]) void promise.catch(() => undefined);
  const desk = await openDesk({
    data,
    seeds: new FolderSource(content),
    store,
    originals,
    purgeCommand: process.env['PURGE_COMMAND']?.trim() || undefined,
    publisher: publisher.promise,
    admin: admin.promise,
    onTrouble: report,
  }).catch((error: unknown) => {
    if (error instanceof Damage) return error;
    throw error;
  });
  if (desk instanceof Damage) return serveReadersOnly(desk, options);
  if (!desk)
    throw new CommandRefusal(`文件夹 ${data} 正被另一个编辑台使用：请先停掉它，或用 DATA_DIR 另指一个文件夹。`);
  const server = await createServer({ ...options, desk: desk.options });
  // The server listens before the long steps. Until these are done, it asks readers to come back later.
  const address = await listen(server, options);

  console.log('正在准备网站……');
  const bundle = await compile(join(cache, 'bundle'));
  // Files of the bundle are linked into the site, where they keep their permissions.
  makeOwnerOnly(join(cache, 'bundle'));
  const publish = async () => {
    const opened = await Publisher.open({
      source: desk.main,
      bundle,
      store,
      journal: join(data, 'journal.sqlite'),
      output: site,
      origin: originOr(address),
      onPhotos: progressLine('照片编码'),
      onPages: progressLine('生成页面'),
      onTakenBack: (urls) => desk.onTakenBack(urls),
    });
    return { opened, ...(await opened.publishTextFirst()) };
  };
  const published = await publish().catch(async (error: unknown) => {
    // The desk's database was checked when it was opened, so a damaged database must be the journal.
    const damage = isDamagedDatabase(error) ? unusableJournal(data) : damageIn(error, data);
    if (!damage) throw error;
    // Requests at the desk that wait for the publisher fail now.
    publisher.reject(damage);
    await server.close();
    await desk.close();
    // With PORT=0 the port that was chosen is kept, because readers know it.
    await serveReadersOnly(damage, { ...options, port: Number(new URL(address).port) });
    return undefined;
  });
  if (!published) return;
  const { opened, faults } = published;
  // The desk may publish only from here on, so that its changes come after this first publication.
  publisher.resolve(opened);
  if (faults.length > 0) {
    console.log(`${faultReport(faults)}\n有问题的内容没有上线：以前上线过的，网站保留上一个好的版本。`);
  }
  live = true;
  console.log(`网站：${address}/`);
  const { length: withoutPhotos } = opened.entriesWithoutPhotos;
  if (withoutPhotos > 0) console.log(`文字已经上线；${withoutPhotos} 篇的照片还要处理，会从最新的起陆续补上。`);
  const followPhotos = async (): Promise<void> => {
    await desk.publication.followPhotos(progressLine('补上照片（篇）'));
    // Not before: an encoded photo of an entry that is shown without it would count as unused.
    if (isStopping() || opened.entriesWithoutPhotos.length > 0) return;
    const collected = await collectPhotos(store, opened.library.store.versions.values(), desk.now().getTime());
    const line = collectedLine(collected);
    if (line !== undefined) console.log(line);
  };

  const isStopping = stopWhenAsked(async () => {
    await server.close();
    await desk.close();
    await desk.publication.close();
    await endIndexing();
  });

  void followPhotos().catch(report);

  // The editor is built last, because readers do not need it.
  admin.resolve(await editorBundle(join(cache, 'admin')));
  if (isStopping()) return;
  const first = desk.firstPath();
  const path = first ?? '/desk/sign-in';
  // Nothing follows a URL on its line: terminals would take it for a part of the link.
  console.log(`编辑台登录：${address}${path}`);
  // The local URL cannot be opened from another computer.
  if (originOr(address) !== address) console.log(`从别的电脑登录：${originOr(address)}${path}`);
  if (first !== undefined) console.log('第一次启动：用这条链接设立管理员，它只能用一次。');
  const old = join(data, OLD_REPOSITORY);
  if (existsSync(old)) {
    console.log(`迁移照片以前的稿件库还在 ${old}，占着磁盘：确认一切正常、也备份过以后，可以删去它。`);
  }
  console.log('按 Ctrl+C 停止。');
});
