// The editor's journey in Firefox.
import { firefox } from '../../engines/firefox.ts';
import { testEditors } from './editor.ts';

testEditors(firefox);
