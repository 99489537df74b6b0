// Indexes numbered documents in a separate process: node fresh-indexing.ts OUTPUT COUNT. Prints “indexing” before it
// starts.
import { numberedDocuments, updateIndex } from '../fixtures/search/search-documents.ts';

const [output = '', count = '0'] = process.argv.slice(2);
process.stdout.write('indexing\n');
await updateIndex(output, numberedDocuments(Number(count)), { fold: true });
