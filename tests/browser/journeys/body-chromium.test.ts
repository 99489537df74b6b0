// The journey of a text in Chromium.
import { chromium } from '../../engines/chromium.ts';
import { testBody } from './body.ts';

testBody(chromium);
