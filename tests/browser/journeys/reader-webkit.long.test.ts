// The reader's journey in WebKit.
import { webkit } from '../../engines/webkit.ts';
import { DESKTOP, TELEPHONE, testReaders } from './reader.ts';

testReaders(webkit, [TELEPHONE, DESKTOP]);
