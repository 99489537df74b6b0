// The journey of a text in WebKit.
import { webkit } from '../../engines/webkit.ts';
import { testBody } from './body.ts';

testBody(webkit);
