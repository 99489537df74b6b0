import { isIP } from 'node:net';
import { hostname } from 'node:os';
import type { FastifyRequest } from 'fastify';

declare module 'fastify' {
  interface FastifyInstance {
    /** The addresses under which this server is reached. */
    ownAddress: AllowedHosts;
  }
}

/** Name or address, and port, as a browser writes them into Host. */
const HOST = /^(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/u;

/** A Host header without its port and brackets. */
function nameIn(host: string): string {
  return host.replace(/:\d+$/u, '').replace(/^\[|\]$/gu, '');
}

/**
 * The addresses under which this server is reached. X-Forwarded-Host is never read: nginx, for one, passes on what
 * a stranger writes there. A proxy hands on Host as it came, or BASE_URL says what the site is called.
 */
export class AllowedHosts {
  readonly #canonical: URL | undefined;
  readonly #names: ReadonlySet<string>;

  /** `listening`: the host that it listens on; `baseUrl`: where readers find the site, if it was said. */
  constructor(listening: string, baseUrl: string | undefined) {
    this.#canonical = baseUrl === undefined ? undefined : new URL(baseUrl);
    const machine = hostname().toLowerCase();
    const canonical = this.#canonical ? [this.#canonical.hostname] : [];
    this.#names = new Set(['localhost', machine, `${machine}.local`, listening.toLowerCase(), ...canonical]);
  }

  /**
   * Is the server called so? Any IP address is: what another site can have is a name that leads here (DNS rebinding),
   * by which its scripts would be of our own origin. Names are localhost, those of the machine and of HOST, BASE_URL's.
   */
  isCalled(host: string | undefined): boolean {
    const given = (host ?? '').toLowerCase();
    const name = nameIn(given);
    return HOST.test(given) && (isIP(name) !== 0 || this.#names.has(name) || name.endsWith('.localhost'));
  }

  /** The origin by which the browser has reached us: that of BASE_URL where the host is its, whoever ends https. */
  originOf(request: FastifyRequest): string {
    const host = (request.headers.host ?? '').toLowerCase();
    if (host === this.#canonical?.host) return this.#canonical.origin;
    return `${request.protocol === 'https' ? 'https' : 'http'}://${host}`;
  }

  /** Has the browser come by https? */
  isSecure(request: FastifyRequest): boolean {
    return this.originOf(request).startsWith('https:');
  }

  /** Where a link that is to be sent to others leads: BASE_URL if it was said, else where the request came in. */
  originForLinks(request: FastifyRequest): string {
    return this.#canonical?.origin ?? this.originOf(request);
  }

  /** Is this, as a browser writes it into Origin, one of our own pages? */
  isOwnOrigin(request: FastifyRequest, origin: string | undefined): boolean {
    return origin !== undefined && (origin === this.originOf(request) || origin === this.#canonical?.origin);
  }
}
