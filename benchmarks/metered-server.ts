import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from '../src/desk/server.ts';

/**
 * Matches the paths of files that a search page loads but the search itself does not need: the page itself, style
 * sheets, fonts and pictures. Their bytes are not counted.
 */
const EXCLUDED = /\/$|\.(?:html|css|woff2|svg|png|ico|webmanifest)$|^\/photos\//u;

/** Makes a folder available over HTTP with the desk's server for readers, and counts the bytes that are sent. */
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

  /**
   * Resolves to the bytes sent for searches since the last call, including headers (HTTP/1.1, without TLS). First waits
   * for running responses.
   */
  async take(): Promise<number> {
    while (this.#under > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    const bytes = this.#bytes;
    this.#bytes = 0;
    return bytes;
  }

  #meter({ url = '', socket }: IncomingMessage, response: ServerResponse): void {
    if (EXCLUDED.test(new URL(url, this.origin).pathname)) return;
    const before = socket.bytesWritten;
    this.#under += 1;
    response.once('close', () => {
      this.#under -= 1;
      this.#bytes += socket.bytesWritten - before;
    });
  }
}
