// Indexes some documents for good, as a process of its own: node fresh-indexing.ts OUTPUT COUNT. Says when it begins.
import { numberedDocuments, updateIndex } from '../fixtures/search/search-documents.ts';

const [output = '', count = '0'] = process.argv.slice(2);
process.stdout.write('indexing\n');
await updateIndex(output, numberedDocuments(Number(count)), { fold: true });
