// The reader's journey in Chromium, without the features that the oldest supported browsers lack.
import { chromium } from '../../engines/chromium.ts';
import { OLD_TELEPHONE, testReaders } from './reader.ts';

testReaders(chromium, [OLD_TELEPHONE]);
