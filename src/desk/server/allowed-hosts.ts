import { isIP } from 'node:net';
import { hostname } from 'node:os';
import type { FastifyRequest } from 'fastify';

declare module 'fastify' {
  interface FastifyInstance {
    /** The addresses of this server. */
    ownAddress: AllowedHosts;
  }
}

/** Host name or IP address with an optional port, as browsers write them into Host. */
const HOST = /^(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/u;

/** Returns the host name of a Host header, without port and brackets. */
function nameIn(host: string): string {
  return host.replace(/:\d+$/u, '').replace(/^\[|\]$/gu, '');
}

/**
 * The addresses of this server. X-Forwarded-Host is never read: nginx, for example, passes on what a client writes there.
 * A proxy has to pass on Host unchanged, or BASE_URL has to name the site.
 */
export class AllowedHosts {
  readonly #canonical: URL | undefined;
  readonly #names: ReadonlySet<string>;

  /** @param listening the host that the server listens on; @param baseUrl the site's public address, if it is set. */
  constructor(listening: string, baseUrl: string | undefined) {
    this.#canonical = baseUrl === undefined ? undefined : new URL(baseUrl);
    const machine = hostname().toLowerCase();
    const canonical = this.#canonical ? [this.#canonical.hostname] : [];
    this.#names = new Set(['localhost', machine, `${machine}.local`, listening.toLowerCase(), ...canonical]);
  }

  /**
   * Is a Host header an address of this server? Every IP address is; names are localhost, the machine's names, HOST and
   * the host of BASE_URL. Other names are refused because another site can point its name here (DNS rebinding): its
   * scripts would then run with the desk's origin.
   */
  isCalled(host: string | undefined): boolean {
    const given = (host ?? '').toLowerCase();
    const name = nameIn(given);
    return HOST.test(given) && (isIP(name) !== 0 || this.#names.has(name) || name.endsWith('.localhost'));
  }

  /** Returns the origin that the browser used: BASE_URL's if the host is the same, wherever TLS ends. */
  originOf(request: FastifyRequest): string {
    const host = (request.headers.host ?? '').toLowerCase();
    if (host === this.#canonical?.host) return this.#canonical.origin;
    return `${request.protocol === 'https' ? 'https' : 'http'}://${host}`;
  }

  /** Did the browser use https? */
  isSecure(request: FastifyRequest): boolean {
    return this.originOf(request).startsWith('https:');
  }

  /** Returns the origin for links that are sent to others: BASE_URL's if it is set, otherwise the request's. */
  originForLinks(request: FastifyRequest): string {
    return this.#canonical?.origin ?? this.originOf(request);
  }

  /** Is an Origin header the origin of this server? */
  isOwnOrigin(request: FastifyRequest, origin: string | undefined): boolean {
    return origin !== undefined && (origin === this.originOf(request) || origin === this.#canonical?.origin);
  }
}
