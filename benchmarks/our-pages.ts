import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { FolderSource } from '../src/library/content/folder-source.ts';
import { openStore } from '../src/photo/store/store.ts';
import { PROJECT_ROOT } from '../src/render/compile/build-cache.ts';
import { compile } from '../src/render/compile/compile.ts';
import { Publisher } from '../src/render/publish/publisher.ts';
import { makeStories, writeContent } from './corpus.ts';
import { makePictures } from './pictures.ts';

const CACHE = join(PROJECT_ROOT, '.cache');
const STORIES = 2;

/**
 * Publishes a small site of ours into a folder for readers. The comparison needs only its search page and script.
 * @param site the folder for readers.
 * @param work a folder for temporary files.
 * @throws Error if the content has faults.
 */
export async function publishPages(site: string, work: string): Promise<void> {
  const content = join(work, 'content');
  const pictureFolder = join(work, 'pictures');
  await mkdir(pictureFolder, { recursive: true });
  await writeContent(content, makeStories(STORIES, await makePictures(pictureFolder, 2)));
  const store = openStore(join(work, 'encoded'));
  const publisher = await Publisher.open({
    source: new FolderSource(content),
    bundle: await compile(join(CACHE, 'bundle')),
    store,
    journal: join(work, 'journal.sqlite'),
    output: site,
    origin: 'http://127.0.0.1:4321',
  });
  const { faults } = await publisher.publish();
  await publisher.close();
  await store.close();
  if (faults.length > 0) throw new Error(`The site of two stories has ${faults.length} faults.`);
}
