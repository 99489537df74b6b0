// Publishes a folder once, as a process of its own: node fresh-process.ts CONTENT SITE ENCODED BUNDLE-JSON
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
  // One line a page: whoever kills this process knows how far it was.
  onPages: (done) => void process.stdout.write(`${done}\n`),
});
const { rendered, faults } = await publisher.publish();
await publisher.close();
process.stdout.write(`${JSON.stringify({ rendered, faults })}\n`);
