import { BlockList, isIP } from 'node:net';

/**
 * Is an address trusted to set X-Forwarded-For and X-Forwarded-Proto? `hop`: the number of proxies between it and this
 * server. The type of Fastify's `trustProxy`.
 */
export type TrustedProxies = (address: string, hop: number) => boolean;

/** Named ranges: RFC 1122 and 4291, RFC 3927 and 4291, RFC 1918 and 4193. */
const NAMED: ReadonlyMap<string, readonly string[]> = new Map([
  ['loopback', ['127.0.0.0/8', '::1/128']],
  ['linklocal', ['169.254.0.0/16', 'fe80::/10']],
  ['uniquelocal', ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7']],
]);
/** No site of this size has more proxies in front: a larger number is a port or a year. */
const MOST_HOPS = 9;
const RANGE = /^([^/]+)(?:\/(\d{1,3}))?$/u;

/** Returns the IP version of an address, as node:net names it. */
function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 4 ? 'ipv4' : 'ipv6';
}

/** Adds an address or range (`10.0.0.0/8`). @returns false if it is neither, or is the range of all addresses. */
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

/** Returns a list of ranges; undefined if one of them is invalid. */
function listOf(ranges: readonly string[]): BlockList | undefined {
  const list = new BlockList();
  return ranges.every((range) => add(list, range)) ? list : undefined;
}

/** Is an address in a list? Clients may write anything into X-Forwarded-For. */
function holds(list: BlockList | undefined, address: string): boolean {
  return isIP(address) !== 0 && list?.check(address, familyOf(address)) === true;
}

/** Where the nearest proxy must be if proxies are only counted: a client can write any number of hops into a header. */
const near = listOf([...NAMED.values()].flat());

/**
 * Parses TRUST_PROXY: a number of proxies (1 to 9), or addresses, ranges and the names `loopback`, `linklocal` and
 * `uniquelocal`, separated by commas. If proxies are counted, the proxy that connects to this server must have an address
 * of the machine or of a private network.
 * @returns undefined if the setting is none of these.
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
