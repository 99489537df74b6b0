// What S3 answers is read completely or not at all.
import { expect, test } from 'vitest';
import { isVersioned, parseErrorCode, parseList } from '../../../src/desk/originals/s3-answers.ts';

const LIST = `<?xml version="1.0" encoding="UTF-8"?>
<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>photos</Name><Prefix>a/</Prefix><KeyCount>2</KeyCount>
<IsTruncated>true</IsTruncated><NextContinuationToken>a&amp;b=</NextContinuationToken>
<Contents><Key>a/00/1&lt;2</Key><Size>5</Size><Owner><ID>x</ID></Owner></Contents>
<Contents><Size>0</Size><Key>a/00/3</Key></Contents></ListBucketResult>`;

test('A page of a list has keys, sizes and the way to the next', () => {
  expect(parseList(LIST)).toEqual({
    objects: [
      { key: 'a/00/1<2', size: 5 },
      { key: 'a/00/3', size: 0 },
    ],
    next: 'a&b=',
  });
});

test('The last page has no next one, and an empty list is a list', () => {
  const empty = '<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>';
  expect(parseList(empty)).toEqual({ objects: [], next: undefined });
});

test('A list that is cut off anywhere is refused', () => {
  for (let length = 0; length < LIST.length; length += 1) expect(() => parseList(LIST.slice(0, length))).toThrow();
});

test.for([
  '<html>Login</html>',
  'not XML',
  '<ListBucketResult></ListBucketResult>',
  '<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>',
  '<ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>a</Key></Contents></ListBucketResult>',
  '<ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>a</Key><Size>-1</Size></Contents></ListBucketResult>',
  '<!DOCTYPE ListBucketResult><ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>',
  '<!DOCTYPE a [<!ENTITY b "c">]><ListBucketResult><IsTruncated>&b;</IsTruncated></ListBucketResult>',
])('No list: %s', (xml) => {
  expect(() => parseList(xml)).toThrow();
});

test.for<[string, string]>([
  ['<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message></Error>', 'NoSuchKey'],
  ['<html><h1>Bad gateway</h1></html>', ''],
  ['<Error><Code>NoSuch', ''],
  ['', ''],
])('The code of an error: %s', ([xml, code]) => {
  expect(parseErrorCode(xml)).toBe(code);
});

test.for<[string, boolean]>([
  ['<VersioningConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"/>', false],
  ['<VersioningConfiguration><Status>Suspended</Status></VersioningConfiguration>', false],
  ['<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>', true],
])('Whether versions are kept: %s', ([xml, kept]) => {
  expect(isVersioned(xml)).toBe(kept);
});
