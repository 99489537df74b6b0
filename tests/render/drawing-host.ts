// Publishes a folder and draws its posters, as a process of its own: node drawing-host.ts CONTENT SITE ENCODED BUNDLE-JSON
import { FolderSource } from '../../src/library/folder.ts';
import { openStore } from '../../src/photo/store.ts';
import { Publisher } from '../../src/render/publisher.ts';

const [content = '', site = '', encoded = '', bundle = ''] = process.argv.slice(2);
const publisher = await Publisher.open({
  source: new FolderSource(content),
  bundle: JSON.parse(bundle),
  store: openStore(encoded),
  journal: `${site}/journal.sqlite`,
  output: `${site}/site`,
  origin: 'https://example.org',
});
await publisher.publish();
// One line a poster: whoever kills this process knows how far it was.
await publisher.drawPosters({ hands: 1, onDrawn: (done) => void process.stdout.write(`${done}\n`) });
await publisher.close();
