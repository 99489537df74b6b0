// The reader's journey in Firefox, with and without the features that the oldest supported browsers lack.
import { firefox } from '../../engines/firefox.ts';
import { DESKTOP, OLD_TELEPHONE, TELEPHONE, testReaders } from './reader.ts';

testReaders(firefox, [TELEPHONE, DESKTOP, OLD_TELEPHONE]);
