import { isIP } from 'node:net';
import { hostname } from 'node:os';
import type { FastifyRequest } from 'fastify';

declare module 'fastify' {
  interface FastifyInstance {
    /** The hosts under which this server may be called. */
    ownAddress: AllowedHosts;
  }
}

/** Matches a host name or IP address with an optional port, as browsers write it into the Host header (lower case). */
const HOST = /^(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/u;

/** Returns the host name in a Host header, without port and brackets. */
function nameIn(host: string): string {
  return host.replace(/:\d+$/u, '').replace(/^\[|\]$/gu, '');
}

/**
 * The hosts under which this server may be called. X-Forwarded-Host is never read, because nginx, for example, passes
 * on what a client writes there. So a proxy has to pass on Host unchanged, or BASE_URL has to name the site.
 */
export class AllowedHosts {
  readonly #canonical: URL | undefined;
  readonly #names: ReadonlySet<string>;

  /** @param listening the host that the server listens on. @param baseUrl the site's public URL, if it is set. */
  constructor(listening: string, baseUrl: string | undefined) {
    this.#canonical = baseUrl === undefined ? undefined : new URL(baseUrl);
    const machine = hostname().toLowerCase();
    const canonical = this.#canonical ? [this.#canonical.hostname] : [];
    this.#names = new Set(['localhost', machine, `${machine}.local`, listening.toLowerCase(), ...canonical]);
  }

  /**
   * Checks that a Host header names this server. Allowed are every IP address, localhost and its subdomains, the names
   * of the machine, HOST, and the host of BASE_URL. Other names are refused because another site can point its name to
   * this server (DNS rebinding): the scripts of that site would then run with the desk's origin.
   */
  isCalled(host: string | undefined): boolean {
    const given = (host ?? '').toLowerCase();
    const name = nameIn(given);
    return HOST.test(given) && (isIP(name) !== 0 || this.#names.has(name) || name.endsWith('.localhost'));
  }

  /**
   * Returns the origin that the browser used. If the host is BASE_URL's, returns the origin of BASE_URL, because a
   * proxy may use TLS in front of this server.
   */
  originOf(request: FastifyRequest): string {
    const host = (request.headers.host ?? '').toLowerCase();
    if (host === this.#canonical?.host) return this.#canonical.origin;
    return `${request.protocol === 'https' ? 'https' : 'http'}://${host}`;
  }

  /** Returns whether the browser used HTTPS. */
  isSecure(request: FastifyRequest): boolean {
    return this.originOf(request).startsWith('https:');
  }

  /** Returns the origin for links that are sent to other people: BASE_URL's if it is set, otherwise the request's. */
  originForLinks(request: FastifyRequest): string {
    return this.#canonical?.origin ?? this.originOf(request);
  }

  /** Returns whether an Origin header is the origin of this server. */
  isOwnOrigin(request: FastifyRequest, origin: string | undefined): boolean {
    return origin !== undefined && (origin === this.originOf(request) || origin === this.#canonical?.origin);
  }
}
