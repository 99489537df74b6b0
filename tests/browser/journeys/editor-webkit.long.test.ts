// The editor's journey in WebKit.
import { webkit } from '../../engines/webkit.ts';
import { testEditors } from './editor.ts';

testEditors(webkit);
