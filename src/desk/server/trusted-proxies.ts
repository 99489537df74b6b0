import { isIP } from 'node:net';
import { compile } from '@fastify/proxy-addr';

/**
 * A function that returns whether an IP address is trusted to set X-Forwarded-For and X-Forwarded-Proto. `hop` is the
 * number of proxies between that address and this server. The type is the one of Fastify's `trustProxy`.
 */
export type TrustedProxies = (address: string, hop: number) => boolean;

/**
 * Names of ranges of IP addresses: this machine (RFC 1122), link-local networks (RFC 3927) and private networks (RFC
 * 1918). For IPv6 the ranges are defined in RFC 4291 and RFC 4193.
 */
const NAMES = ['loopback', 'linklocal', 'uniquelocal'];
/**
 * Greatest number of proxies that can be set. No site of this size has more. A larger number is a mistake, such as a
 * port or a year.
 */
const MOST_HOPS = 9;

/**
 * Returns whether an address is in one of the ranges `NAMES`. If TRUST_PROXY is a number of proxies, the proxy that
 * connects to this server must be in one of these ranges. Otherwise a client that connects directly could pretend to be
 * behind proxies, by writing addresses into a header.
 */
const near = compile(NAMES);

/**
 * Returns whether a text is a name, or a complete IP address with or without a prefix length. `compile` alone would
 * also accept `10.1` as 10.0.0.1.
 */
function isRange(part: string): boolean {
  return NAMES.includes(part) || isIP(part.replace(/\/\d+$/u, '')) !== 0;
}

/**
 * Parses TRUST_PROXY: a number of proxies (1 to 9), or a list of IP addresses, ranges and the names `loopback`,
 * `linklocal` and `uniquelocal`, separated by commas. If proxies are counted, the proxy that connects to this server
 * must have an address of this machine or of a private network.
 * @returns undefined if the setting is invalid.
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
    // The prefix length is 0, or larger than the number of bits of the address.
    return undefined;
  }
}
