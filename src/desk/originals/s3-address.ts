import { isIP } from 'node:net';

/** Where originals are stored in S3. */
export interface S3Address {
  bucket: string;
  /** What the names of all objects begin with: empty, or ends with a slash. */
  prefix: string;
  /** The origin of the server, without a slash at the end. */
  endpoint: string;
  region: string;
  /**
   * Where requests name the bucket: in the path (`https://server/bucket/key`), or in the host
   * (`https://bucket.server/key`), as Alibaba Cloud OSS demands it.
   */
  addressing: 'path' | 'host';
}

/** The key with which requests are signed. */
export interface S3Key {
  id: string;
  secret: string;
  /** Of temporary keys. */
  token: string | undefined;
}

/** The region of servers that have none: of Swift, MinIO and others. */
const DEFAULT_REGION = 'us-east-1';

const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/u;
/** Parts of a prefix: characters that every server takes as they are, and no `.` or `..`. */
const PREFIX = /^(?:\/(?!\.{1,2}(?:\/|$))[\w.-]{1,100}){0,5}\/?$/u;
const REGION = /^[\w-]{1,40}$/u;

/**
 * Returns the address in an ORIGINALS_URL (`s3://bucket/prefix?endpoint=https://host&region=name&addressing=host`; prefix,
 * region and addressing are optional), or undefined if it is wrong.
 */
export function parseS3Address(value: string): S3Address | undefined {
  const url = URL.parse(value);
  if (url?.protocol !== 's3:' || url.username !== '' || url.password !== '' || url.port !== '' || url.hash !== '')
    return undefined;
  const {
    endpoint: given,
    region = DEFAULT_REGION,
    addressing = 'path',
    ...others
  } = Object.fromEntries(url.searchParams);
  const endpoint = originOf(given ?? '');
  const right =
    endpoint !== undefined &&
    Object.keys(others).length === 0 &&
    new Set(url.searchParams.keys()).size === url.searchParams.size &&
    BUCKET.test(url.hostname) &&
    PREFIX.test(url.pathname) &&
    REGION.test(region);
  if (!right || (addressing !== 'path' && addressing !== 'host')) return undefined;
  if (addressing === 'host' && !canBeInHost(url.hostname, endpoint)) return undefined;
  const path = url.pathname.replace(/^\/|\/$/gu, '');
  return { bucket: url.hostname, prefix: path === '' ? '' : `${path}/`, endpoint, region, addressing };
}

/**
 * Returns whether a bucket can be a part of the host: an IP address has no names below it, and a certificate for all names
 * below a host is not valid for a bucket with a dot.
 */
function canBeInHost(bucket: string, endpoint: string): boolean {
  const { hostname } = new URL(endpoint);
  return !bucket.includes('.') && !hostname.startsWith('[') && isIP(hostname) === 0;
}

/** Returns the URL of an object, or of the bucket if the name is empty. */
export function objectUrl({ bucket, prefix, endpoint, addressing }: S3Address, name: string): URL {
  const url = new URL(endpoint);
  const object = name === '' ? '' : `/${prefix}${name}`;
  if (addressing === 'host') url.hostname = `${bucket}.${url.hostname}`;
  url.pathname = addressing === 'host' ? object : `/${bucket}${object}`;
  return url;
}

/**
 * Returns the origin of a server, or undefined if it is not one. Without TLS it must be on this machine: photos would
 * cross the network readable for everybody on it.
 */
function originOf(value: string): string | undefined {
  const url = URL.parse(value);
  if (!url || url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') return undefined;
  if (url.pathname !== '/' || !(url.protocol === 'https:' || (url.protocol === 'http:' && isLocal(url.hostname))))
    return undefined;
  return url.origin;
}

function isLocal(hostname: string): boolean {
  const address = hostname.replace(/^\[|\]$/gu, '');
  return address === 'localhost' || address === '::1' || (isIP(address) === 4 && address.startsWith('127.'));
}
