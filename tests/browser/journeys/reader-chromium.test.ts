// The reader's journey in Chromium, without what is newer than the oldest supported browser.
import { chromium } from '../../engines/chromium.ts';
import { OLD_TELEPHONE, testReaders } from './reader.ts';

testReaders(chromium, [OLD_TELEPHONE]);
