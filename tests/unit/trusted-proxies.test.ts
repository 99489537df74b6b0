import { describe, expect, test } from 'vitest';
import { trustedProxies } from '../../src/desk/server/trusted-proxies.ts';

describe('TRUST_PROXY', () => {
  test.each<[setting: string, address: string, hop: number, believed: boolean]>([
    ['loopback', '127.0.0.1', 0, true],
    ['loopback', '127.8.8.8', 0, true],
    ['loopback', '::1', 0, true],
    ['loopback', '::ffff:127.0.0.1', 0, true],
    ['loopback', '10.0.0.1', 0, false],
    ['loopback', '::ffff:10.0.0.1', 0, false],
    ['10.0.0.1', '10.0.0.1', 0, true],
    ['10.0.0.1', '10.0.0.2', 0, false],
    ['10.1.0.0/16', '10.1.255.255', 0, true],
    ['10.1.0.0/16', '10.2.0.0', 0, false],
    ['loopback, 203.0.113.7', '203.0.113.7', 1, true],
    ['loopback, 203.0.113.7', '203.0.113.8', 1, false],
    ['uniquelocal', '192.168.3.4', 0, true],
    ['uniquelocal', '192.169.3.4', 0, false],
    ['2001:db8::/32', '2001:db8::1', 0, true],
    ['2001:db8::/32', '2001:db9::1', 0, false],
    ['::ffff:10.0.0.1', '10.0.0.1', 0, true],
    ['linklocal', 'fe80::1%eth0', 0, true],
    // A range of IPv6 addresses contains no IPv4 addresses, which sockets report as ::ffff:…
    ['::/1', '::ffff:203.0.113.7', 0, false],
    ['loopback', 'unknown', 0, false],
    ['loopback', '127.0.0.1, 127.0.0.1', 0, false],
    ['loopback', '', 0, false],
    // A number n trusts the nearest n hops. The nearest must have a local address.
    ['1', '127.0.0.1', 0, true],
    ['1', '192.168.0.9', 0, true],
    ['1', '203.0.113.7', 0, false],
    ['1', '203.0.113.7', 1, false],
    ['2', '203.0.113.7', 1, true],
    ['2', '203.0.113.7', 2, false],
  ])('%s: is %s at hop %i believed? %s', (setting, address, hop, believed) => {
    expect(trustedProxies(setting)?.(address, hop)).toBe(believed);
  });

  test.each([
    'true',
    'yes',
    '0',
    '10',
    '-1',
    '1.5',
    '4321',
    'all',
    '*',
    'example.org',
    '10.0.0',
    '10.1/16',
    '0x7f.0.0.1',
    '010.0.0.1',
    'constructor',
    '10.0.0.1/255.0.0.0',
    '10.0.0.1/33',
    '10.0.0.1/0',
    '::/0',
    '10.0.0.1/',
    'loopback,',
    'loopback,nonsense',
    '10.0.0.1/8/8',
    ' ',
  ])('%j is not a valid setting', (setting) => {
    expect(trustedProxies(setting)).toBeUndefined();
  });
});
