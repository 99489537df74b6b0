// ORIGINALS_URL and the keys: what is accepted, and the sentence for what is not.
import { expect, test } from 'vitest';
import { originalsPlace } from '../../../src/commands/environment/originals.ts';
import { CommandRefusal } from '../../../src/commands/environment/settings.ts';
import { objectUrl, parseS3Address } from '../../../src/desk/originals/s3-address.ts';

const KEYS = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret' };
const GOOD = 's3://photos?endpoint=https://s3.example.org';
const DEFAULTS = {
  bucket: 'photos',
  prefix: '',
  endpoint: 'https://s3.example.org',
  region: 'us-east-1',
  addressing: 'path',
};

test.for<[string, Partial<typeof DEFAULTS>]>([
  [GOOD, {}],
  ['s3://photos/?endpoint=https://s3.example.org/', {}],
  ['s3://photos/with-you?endpoint=https://s3.example.org', { prefix: 'with-you/' }],
  ['s3://photos/with-you/?endpoint=https://s3.example.org', { prefix: 'with-you/' }],
  ['s3://photos/a/b_c.d?endpoint=https://s3.example.org', { prefix: 'a/b_c.d/' }],
  [`${GOOD}&region=cn-north-1`, { region: 'cn-north-1' }],
  ['s3://photos?endpoint=https%3A%2F%2Fs3.example.org%3A9000', { endpoint: 'https://s3.example.org:9000' }],
  ['s3://photos?endpoint=https://s3.example.org:443', {}],
  ['s3://my.photos-2?region=auto&endpoint=https://s3.example.org', { bucket: 'my.photos-2', region: 'auto' }],
  ['s3://photos?endpoint=http://127.0.0.1:9000', { endpoint: 'http://127.0.0.1:9000' }],
  ['s3://photos?endpoint=http://localhost:9000', { endpoint: 'http://localhost:9000' }],
  ['s3://photos?endpoint=http://[::1]:9000', { endpoint: 'http://[::1]:9000' }],
  [`${GOOD}&addressing=path`, {}],
  [`${GOOD}&addressing=host`, { addressing: 'host' }],
  ['s3://my.photos-2?endpoint=https://s3.example.org&addressing=path', { bucket: 'my.photos-2' }],
  [
    's3://photos?endpoint=http://localhost:9000&addressing=host',
    { endpoint: 'http://localhost:9000', addressing: 'host' },
  ],
])('Accepted: %s', ([value, parts]) => {
  expect(parseS3Address(value)).toEqual({ ...DEFAULTS, ...parts });
});

test.for([
  'photos',
  'data/originals',
  'https://s3.example.org/photos',
  's3://photos',
  's3://photos?endpoint=',
  's3://photos?endpoint=s3.example.org',
  's3://photos?endpoint=ftp://s3.example.org',
  's3://photos?endpoint=http://s3.example.org',
  's3://photos?endpoint=http://10.0.0.7:9000',
  's3://photos?endpoint=http://localhost.example.org',
  's3://photos?endpoint=http://127.0.0.1.example.org',
  's3://photos?endpoint=https://s3.example.org/path',
  's3://photos?endpoint=https://id:secret@s3.example.org',
  's3://photos?endpoint=https://s3.example.org%3Fa=b',
  's3://?endpoint=https://s3.example.org',
  's3:///photos?endpoint=https://s3.example.org',
  's3://ph?endpoint=https://s3.example.org',
  's3://Photos?endpoint=https://s3.example.org',
  's3://-photos?endpoint=https://s3.example.org',
  's3://pho_tos?endpoint=https://s3.example.org',
  's3://id:secret@photos?endpoint=https://s3.example.org',
  's3://photos:9000?endpoint=https://s3.example.org',
  's3://photos//a?endpoint=https://s3.example.org',
  's3://photos/照片?endpoint=https://s3.example.org',
  's3://photos/a%20b?endpoint=https://s3.example.org',
  `${GOOD}&region=`,
  `${GOOD}&region=cn north`,
  `${GOOD}&acl=public`,
  `${GOOD}&endpoint=https://other.example.org`,
  `${GOOD}#part`,
  `${GOOD}&addressing=`,
  `${GOOD}&addressing=bucket`,
  `${GOOD}&addressing=host&addressing=host`,
  's3://my.photos-2?endpoint=https://s3.example.org&addressing=host',
  's3://photos?endpoint=http://127.0.0.1:9000&addressing=host',
  's3://photos?endpoint=http://[::1]:9000&addressing=host',
  's3://photos?endpoint=https://10.0.0.7&addressing=host',
])('Refused: %s', (value) => {
  expect(parseS3Address(value)).toBeUndefined();
  const open = () => originalsPlace({ ...KEYS, ORIGINALS_URL: value });
  expect(open).toThrow(CommandRefusal);
  expect(open).toThrow('s3://存储桶/前缀?endpoint=https://服务器&region=地区');
});

test.for<[string, bucket: string, object: string]>([
  [GOOD, 'https://s3.example.org/photos', 'https://s3.example.org/photos/ab/abc'],
  [
    's3://photos/with-you?endpoint=http://[::1]:9000',
    'http://[::1]:9000/photos',
    'http://[::1]:9000/photos/with-you/ab/abc',
  ],
  [`${GOOD}&addressing=host`, 'https://photos.s3.example.org/', 'https://photos.s3.example.org/ab/abc'],
  [
    's3://photos/with-you?endpoint=https://oss-cn-beijing.aliyuncs.com:8443&region=cn-beijing&addressing=host',
    'https://photos.oss-cn-beijing.aliyuncs.com:8443/',
    'https://photos.oss-cn-beijing.aliyuncs.com:8443/with-you/ab/abc',
  ],
])('URLs of the bucket and of an object: %s', ([value, bucket, object]) => {
  const address = parseS3Address(value);
  if (!address) throw new Error(`${value} is refused.`);
  expect(objectUrl(address, '').href).toBe(bucket);
  expect(objectUrl(address, 'ab/abc').href).toBe(object);
});

test('Without ORIGINALS_URL originals are in the data folder, whatever keys there are', () => {
  expect(originalsPlace({})).toBeUndefined();
  expect(originalsPlace({ ...KEYS, ORIGINALS_URL: '' })).toBeUndefined();
});

test('Keys come from the environment', () => {
  const place = originalsPlace({ ...KEYS, ORIGINALS_URL: GOOD, AWS_SESSION_TOKEN: 'token' });
  expect(place).toEqual({ address: DEFAULTS, key: { id: 'id', secret: 'secret', token: 'token' } });
  expect(originalsPlace({ ...KEYS, ORIGINALS_URL: GOOD, AWS_SESSION_TOKEN: '' })?.key.token).toBeUndefined();
});

test.for(Object.keys(KEYS))('Without %s there is a sentence', (missing) => {
  expect(() => originalsPlace({ ...KEYS, ORIGINALS_URL: GOOD, [missing]: '' })).toThrow(/没有密钥.*AWS_ACCESS_KEY_ID/u);
});

test('A secret in the address is not repeated', () => {
  const value = 's3://id:hidden@photos?endpoint=https://s3.example.org';
  expect(() => originalsPlace({ ...KEYS, ORIGINALS_URL: value })).toThrow(/^(?!.*hidden)/u);
});
