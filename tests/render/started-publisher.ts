// Opens a publisher for programs with the arguments CONTENT SITE ENCODED BUNDLE. SITE is the folder of output and
// journal; BUNDLE is the compiled bundle as JSON.
import { FolderSource } from '../../src/library/content/folder-source.ts';
import { openStore } from '../../src/photo/store/store.ts';
import { Publisher, type PublisherOptions } from '../../src/render/publish/publisher.ts';

/** Opens the publisher that the arguments of this process describe. `given`: further options. */
export async function startedPublisher(given: Pick<PublisherOptions, 'onPages'> = {}): Promise<Publisher> {
  const [content = '', site = '', encoded = '', bundle = ''] = process.argv.slice(2);
  return Publisher.open({
    ...given,
    source: new FolderSource(content),
    bundle: JSON.parse(bundle),
    store: openStore(encoded),
    journal: `${site}/journal.sqlite`,
    output: `${site}/site`,
    origin: 'https://example.org',
  });
}
