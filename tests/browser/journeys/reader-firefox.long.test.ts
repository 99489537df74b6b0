// The reader's journey in Firefox, also without what is newer than the oldest supported browser.
import { firefox } from '../../engines/firefox.ts';
import { DESKTOP, OLD_TELEPHONE, TELEPHONE, testReaders } from './reader.ts';

testReaders(firefox, [TELEPHONE, DESKTOP, OLD_TELEPHONE]);
