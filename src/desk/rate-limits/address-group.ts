import { isIPv6 } from 'node:net';

/** Matches an IPv6 address that contains an IPv4 address (RFC 4291, 2.5.5.2). */
const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/iu;
/**
 * Number of the eight groups of an IPv6 address that name its network. One client can use every address in that
 * network.
 */
const NETWORK_GROUPS = 4;

/**
 * Returns the key under which rate limits count an address: an IPv4 address itself, or the /64 network of an IPv6
 * address.
 */
export function addressGroup(address: string): string {
  const mapped = MAPPED.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  const [bare = ''] = address.split('%');
  if (!isIPv6(bare)) return address.slice(0, 60);
  const [head = '', tail] = bare.toLowerCase().split('::');
  const groups = (part: string | undefined): string[] => (part === undefined || part === '' ? [] : part.split(':'));
  const [before, after] = [groups(head), groups(tail)];
  const zeros = tail === undefined ? [] : Array.from({ length: 8 - before.length - after.length }, () => '0');
  const all = [...before, ...zeros, ...after].map((group) => group.replace(/^0+(?=.)/u, ''));
  return `${all.slice(0, NETWORK_GROUPS).join(':')}::/64`;
}
