// The reader's journey in Chromium, made as old as the oldest browser that is promised.
import { chromium } from '../../engines/chromium.ts';
import { OLD_TELEPHONE, testReaders } from './reader.ts';

testReaders(chromium, [OLD_TELEPHONE]);
