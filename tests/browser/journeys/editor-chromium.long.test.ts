// The editor's journey in Chromium.
import { chromium } from '../../engines/chromium.ts';
import { testEditors } from './editor.ts';

testEditors(chromium);
