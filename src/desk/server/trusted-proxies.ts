import { BlockList, isIP } from 'node:net';

/**
 * Whether what an address says in X-Forwarded-For and X-Forwarded-Proto is believed; `hop`: how many proxies stand
 * between it and us. What Fastify takes for `trustProxy`.
 */
export type TrustedProxies = (address: string, hop: number) => boolean;

/** Ranges that have a name: RFC 1122 and 4291, RFC 3927 and 4291, RFC 1918 and 4193. */
const NAMED: ReadonlyMap<string, readonly string[]> = new Map([
  ['loopback', ['127.0.0.0/8', '::1/128']],
  ['linklocal', ['169.254.0.0/16', 'fe80::/10']],
  ['uniquelocal', ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7']],
]);
/** More stand in front of no site of this size: a larger number is a port or a year. */
const MOST_HOPS = 9;
const RANGE = /^([^/]+)(?:\/(\d{1,3}))?$/u;

/** IP version 4 or 6, as node:net wants it. */
function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 4 ? 'ipv4' : 'ipv6';
}

/** Adds one address or range (`10.0.0.0/8`); false: it is neither, or would be every address there is. */
function add(list: BlockList, range: string): boolean {
  const [, address = '', length] = RANGE.exec(range) ?? [];
  const version = isIP(address);
  if (version === 0) return false;
  const most = version === 4 ? 32 : 128;
  const bits = length === undefined ? most : Number(length);
  if (bits < 1 || bits > most) return false;
  list.addSubnet(address, bits, familyOf(address));
  return true;
}

/** A list of ranges; undefined: one of them is none. */
function listOf(ranges: readonly string[]): BlockList | undefined {
  const list = new BlockList();
  return ranges.every((range) => add(list, range)) ? list : undefined;
}

/** What others have written into X-Forwarded-For need not be an address. */
function holds(list: BlockList | undefined, address: string): boolean {
  return isIP(address) !== 0 && list?.check(address, familyOf(address)) === true;
}

/** Where a proxy that is only counted must stand: a stranger could write as many hops into a header as he likes. */
const near = listOf([...NAMED.values()].flat());

/**
 * Reads TRUST_PROXY: a number of proxies (1 to 9), or addresses, ranges and the names `loopback`, `linklocal` and
 * `uniquelocal`, with commas between them. Where proxies are counted, the one that connects to us must have an address
 * of the machine or of a private network. Undefined: the setting says nothing of that.
 */
export function trustedProxies(setting: string): TrustedProxies | undefined {
  if (/^\d+$/u.test(setting)) {
    const hops = Number(setting);
    if (hops < 1 || hops > MOST_HOPS) return undefined;
    return (address, hop) => (hop === 0 ? holds(near, address) : hop < hops);
  }
  const list = listOf(setting.split(',').flatMap((part) => NAMED.get(part.trim()) ?? [part.trim()]));
  return list && ((address) => holds(list, address));
}
