// npm run dev: runs Astro's dev server with the content of CONTENT_DIR. Pages reload when code or content is saved.
import { createReadStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { FolderSource } from '../library/content/folder-source.ts';
import { Library } from '../library/library.ts';
import { openFor } from '../library/static-build-library.ts';
import { openStore } from '../photo/store/store.ts';
import { loadAstro } from '../render/compile/astro.ts';
import { PROJECT_ROOT } from '../render/compile/build-cache.ts';
import { ownPages } from '../render/compile/mdx-pages.ts';
import { PhotoFiles } from '../render/publish/photo-files.ts';
import { portFrom } from './environment/machine.ts';
import { faultReport, progressLine } from './report.ts';
import { cacheFolder, contentFolder, originOr, requireContent, runCommand } from './environment/settings.ts';
import { watchFolder } from './watch-folder.ts';

await runCommand(async () => {
  const content = contentFolder();
  requireContent(content);
  const port = portFrom(process.env['PORT'], 4321);
  const texts = new Map<string, string>();
  const library = new Library({ origin: originOr(`http://127.0.0.1:${port}`), ownPages: ownPages() }, texts);
  const source = new FolderSource(content);
  const photos = new PhotoFiles(openStore(join(cacheFolder(), 'encoded')));
  const encoded = new Map<string, string>();
  const update = async (paths?: Set<string>): Promise<void> => {
    const proposal = await library.propose(source, photos, paths);
    for (const [fingerprint, text] of proposal.texts) texts.set(fingerprint, text);
    await photos.encode(proposal.decision.put, source, progressLine('照片编码'));
    library.tracking.changedBy(library.accept(proposal).touched);
    for (const version of proposal.decision.put) {
      for (const [path, from] of photos.filesOf(version)) encoded.set(`/${path}`, from);
    }
    if (library.faults.length > 0) console.log(faultReport(library.faults));
  };
  await update();
  openFor(library);

  const { dev } = await loadAstro();
  await dev({
    root: PROJECT_ROOT,
    server: { host: process.env['HOST'] || '127.0.0.1', port },
    output: 'server',
    integrations: [
      {
        name: 'content',
        hooks: {
          'astro:server:setup': ({ server }) => {
            server.middlewares.use((request, response, next) => {
              const file = encoded.get(decodeURI(request.url ?? ''));
              if (file === undefined || !existsSync(file)) return next();
              createReadStream(file).pipe(response);
            });
            void watchFolder(content, async (paths) => {
              await update(paths);
              server.ws.send({ type: 'full-reload' });
            });
          },
        },
      },
    ],
  });
});
