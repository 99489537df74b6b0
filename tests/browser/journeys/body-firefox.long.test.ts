// The journey of a text in Firefox.
import { firefox } from '../../engines/firefox.ts';
import { testBody } from './body.ts';

testBody(firefox);
