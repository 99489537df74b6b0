import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Source } from '../../library/content/content-source.ts';
import { Library } from '../../library/library.ts';
import { openFor } from '../../library/static-build-library.ts';
import { allAddresses } from '../../library/static-paths.ts';
import type { Fault } from '../../model/fault.ts';
import type { EncodedStore } from '../../photo/store/store.ts';
import { documentsOf } from '../../search/index/documents.ts';
import { SEARCH_FOLDER, IndexFiles } from '../../search/index/index-files.ts';
import { loadAstro } from '../compile/astro.ts';
import { PROJECT_ROOT } from '../compile/build-cache.ts';
import { compressFolder } from '../output/compression.ts';
import { fileOfPage, Output } from '../output/output.ts';
import { ownPages } from '../compile/mdx-pages.ts';
import { PhotoFiles, type PhotoProgress } from './photo-files.ts';
import { PosterUpdates } from './poster-updates.ts';

export interface StaticBuildOptions {
  source: Source;
  store: EncodedStore;
  output: string;
  origin: string;
  onPhotos: PhotoProgress;
}

/**
 * Compiles the pages into a folder and replaces its content. Astro builds into a folder below the checkout first,
 * because it renames files, and renaming does not work between two disks. The result is then copied.
 */
async function compileInto(folder: string): Promise<void> {
  const cache = join(PROJECT_ROOT, '.cache');
  await mkdir(cache, { recursive: true });
  const outDir = await mkdtemp(join(cache, 'static-'));
  try {
    const { build } = await loadAstro();
    process.env['NODE_ENV'] = 'production';
    await build({ root: PROJECT_ROOT, outDir, output: 'static', logLevel: 'error', vite: { logLevel: 'error' } });
    await rm(folder, { recursive: true, force: true });
    await cp(outDir, folder, { recursive: true });
  } finally {
    await rm(outDir, { recursive: true, force: true });
  }
}

/**
 * Builds the whole site into a folder with Astro alone, without a journal. Used for sites without the desk. Tests
 * compare its output with that of the Publisher: both are equal byte for byte. If there are faults, builds nothing and
 * resolves to them; otherwise resolves to an empty list.
 */
export async function buildStatically(options: StaticBuildOptions): Promise<Fault[]> {
  const { source, store, output: root, origin, onPhotos } = options;
  const texts = new Map<string, string>();
  const library = new Library({ origin, ownPages: ownPages() }, texts);
  const photos = new PhotoFiles(store);
  const proposal = await library.propose(source, photos);
  const faults = library.faultsAfter(proposal);
  if (faults.length > 0) return faults;
  for (const [print, text] of proposal.texts) texts.set(print, text);
  library.accept(proposal);
  await photos.encode(proposal.decision.put, source, onPhotos);
  openFor(library);

  await compileInto(root);
  await compressFolder(root, SEARCH_FOLDER);
  const output = new Output(root);
  for (const version of proposal.decision.put) {
    for (const [path, from] of photos.filesOf(version)) output.place(path, from);
  }
  await new PosterUpdates(output, library).draw({ workers: availableParallelism() });
  const decoder = new TextDecoder();
  const documents = [...allAddresses(library).keys()]
    .sort()
    .flatMap((address) => documentsOf(address, decoder.decode(output.read(fileOfPage(address)))));
  const byFingerprint = new Map(documents.map((document) => [document.print, document]));
  await new IndexFiles(root).update(documents, ({ print }) => byFingerprint.get(print), { fold: true });
  return [];
}
