// Addresses of links are completed as people write them, or refused with a sentence.
import { expect, test } from 'vitest';
import { linkAddress } from '../../../src/writing/document/link-address.ts';

const COMPLETED: readonly [written: string, href: string][] = [
  ['https://example.cn/a?b=1#c', 'https://example.cn/a?b=1#c'],
  ['HTTP://example.cn', 'http://example.cn'],
  ['  www.example.cn  ', 'https://www.example.cn'],
  ['example.cn/a', 'https://example.cn/a'],
  ['example.cn:8080/a', 'https://example.cn:8080/a'],
  ['www.工会.cn', 'https://www.xn--6oq837a.cn'],
  ['https：//www。example。cn', 'https://www.example.cn'],
  ['ｗｗｗ．example．cn', 'https://www.example.cn'],
  ['http://127.0.0.1:4321/', 'http://127.0.0.1:4321/'],
  ['gh@example.cn', 'mailto:gh@example.cn'],
  ['gh＠example.cn', 'mailto:gh@example.cn'],
  ['mailto:gh@example.cn', 'mailto:gh@example.cn'],
  ['13800000000', 'tel:13800000000'],
  ['138 0000 0000', 'tel:13800000000'],
  ['+8613800000000', 'tel:+8613800000000'],
  ['0391-5690000', 'tel:0391-5690000'],
  ['(0391)5690000', 'tel:0391-5690000'],
  ['5690000', 'tel:5690000'],
  ['12351', 'tel:12351'],
  ['400-123-4567', 'tel:400-123-4567'],
  ['tel:12351', 'tel:12351'],
  ['/stories/20210417-120000aa/', '/stories/20210417-120000aa/'],
];

test.each(COMPLETED)('%s', (written, href) => {
  expect(linkAddress(written)).toEqual({ href });
});

const REFUSED: readonly [written: string, fault: RegExp][] = [
  ['', /^请填网址、邮箱或电话/u],
  [' \u3000', /^请填网址、邮箱或电话/u],
  ['www. example.cn', /空格/u],
  ['https://example.cn/a b', /空格/u],
  ['见 www.example.cn', /空格/u],
  ['工会网站', /不像网址/u],
  ['www', /不像网址/u],
  ['a.b', /不像网址/u],
  ['123', /不像网址/u],
  ['2020.5', /不像网址/u],
  ['https://', /不像网址/u],
  ['https:///a', /不像网址/u],
  ['//example.cn', /不像网址/u],
  ['gh@', /不像网址/u],
  ['javascript:alert(1)', /不像网址/u],
  ['java\tscript:alert(1)', /空格/u],
  ['data:text/html,x', /不像网址/u],
  ['file:///C:/a.docx', /不像网址/u],
  ['C:\\a.docx', /不像网址/u],
];

test.each(REFUSED)('%j is refused', (written, fault) => {
  expect(linkAddress(written)).toEqual({ fault: expect.stringMatching(fault) });
});
