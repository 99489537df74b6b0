import { isIP } from 'node:net';
import { compile } from '@fastify/proxy-addr';

/**
 * Is an address trusted to set X-Forwarded-For and X-Forwarded-Proto? `hop`: the number of proxies between it and this
 * server. The type of Fastify's `trustProxy`.
 */
export type TrustedProxies = (address: string, hop: number) => boolean;

/** Names of ranges: this machine, the link and private networks (RFC 1122, 3927, 1918; 4291 and 4193 for IPv6). */
const NAMES = ['loopback', 'linklocal', 'uniquelocal'];
/** No site of this size has more proxies in front: a larger number is a port or a year. */
const MOST_HOPS = 9;

/** Where the nearest proxy must be if proxies are only counted: a client can write any number of hops into a header. */
const near = compile(NAMES);

/** Is this a name, or a complete address with or without a prefix length? `compile` also accepts `10.1` for 10.0.0.1. */
function isRange(part: string): boolean {
  return NAMES.includes(part) || isIP(part.replace(/\/\d+$/u, '')) !== 0;
}

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
    return (address, hop) => (hop === 0 ? near(address, hop) : hop < hops);
  }
  const parts = setting.split(',').map((part) => part.trim());
  if (!parts.every(isRange)) return undefined;
  try {
    return compile(parts);
  } catch {
    // A prefix of 0 bits, or of more bits than the address has.
    return undefined;
  }
}
