import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from '../src/desk/server.ts';

/** What a search page has besides the search: the page itself, its style, faces and pictures. */
const APART = /\/$|\.(?:html|css|woff2|svg|png|ico|webmanifest)$|^\/photos\//u;

/** A folder as the desk's server gives it to readers, with a count of what goes over the wire. */
export class MeteredServer {
  readonly origin: string;
  readonly close: () => Promise<unknown>;
  #bytes = 0;
  #under = 0;

  private constructor(origin: string, close: () => Promise<unknown>) {
    this.origin = origin;
    this.close = close;
  }

  static async open(site: string): Promise<MeteredServer> {
    const server = await createServer({ site });
    const origin = await server.listen({ host: '127.0.0.1', port: 0 });
    const metered = new MeteredServer(origin, async () => server.close());
    server.server.prependListener('request', (request, response) => metered.#meter(request, response));
    return metered;
  }

  /** Bytes that were sent for searching since this was last asked, headers included (HTTP/1.1, without TLS). */
  async take(): Promise<number> {
    while (this.#under > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    const bytes = this.#bytes;
    this.#bytes = 0;
    return bytes;
  }

  #meter({ url = '', socket }: IncomingMessage, response: ServerResponse): void {
    if (APART.test(new URL(url, this.origin).pathname)) return;
    const before = socket.bytesWritten;
    this.#under += 1;
    response.once('close', () => {
      this.#under -= 1;
      this.#bytes += socket.bytesWritten - before;
    });
  }
}
