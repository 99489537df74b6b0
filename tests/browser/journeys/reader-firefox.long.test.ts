// The reader's journey in Firefox, also made as old as the oldest browser that is promised.
import { firefox } from '../../engines/firefox.ts';
import { DESKTOP, OLD_TELEPHONE, TELEPHONE, testReaders } from './reader.ts';

testReaders(firefox, [TELEPHONE, DESKTOP, OLD_TELEPHONE]);
