import type { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { FILE_LIMITS } from '../../photo/rules/file-rule.ts';

/** Limits for slow and numerous clients. All times are in milliseconds. */
export interface ConnectionLimits {
  /**
   * Longest time until all headers of a request have arrived. It starts with the connection or, for a further request
   * on the same connection, with the first byte.
   */
  headers: number;
  /**
   * Length of a period. In each period at least `bytes` bytes of a request must arrive, until the request is complete.
   */
  window: number;
  bytes: number;
  /** Longest time for a whole request to arrive. */
  whole: number;
  /** How long the rest of a request is read after an early response, so that the client can receive the response. */
  linger: number;
  /** Longest time in which a client accepts no byte of a response. */
  taking: number;
  /** Greatest number of connections: in total, and from one IP address (except from trusted proxies). */
  connections: number;
  connectionsOfOne: number;
  /** Time between two checks of the limits. */
  check: number;
}

/** Speed of the slowest line over which the largest photo can be uploaded, in bytes per second. */
const SLOWEST_LINE = 10_000;

/**
 * The default limits. An upload of 40 MB at 30 kB/s takes 23 minutes and is allowed. A body that arrives more slowly
 * than the limit, or never ends, is not. A line on which nothing arrives for half a minute counts as broken. A whole
 * office may share one IP address.
 */
const DEFAULTS: ConnectionLimits = {
  headers: 15_000,
  window: 30_000,
  bytes: 30_000,
  whole: Math.ceil(FILE_LIMITS.bytes / SLOWEST_LINE) * 1000,
  linger: 10_000,
  taking: 60_000,
  connections: 4096,
  connectionsOfOne: 512,
  check: 5_000,
};

/** Greatest number of headers of a request: a browser sends about twenty, and a proxy adds a few. */
const MOST_HEADERS = 100;

/** Returns the default limits with some of them changed. */
export function connectionLimitsOf(changes: Partial<ConnectionLimits> = {}): ConnectionLimits {
  return { ...DEFAULTS, ...changes };
}

/**
 * A request that is still arriving. `begun` is the time when its current period began, and `bytes` is the number of
 * bytes that had arrived on its connection at that time.
 */
interface Incoming {
  response: ServerResponse;
  begun: number;
  bytes: number;
}

/** Returns whether the client cannot send more because this server is not reading the request. */
function waitsForUs(request: IncomingMessage): boolean {
  return request.readableLength >= request.readableHighWaterMark || request.isPaused();
}

/**
 * Closes connections of clients that send or receive too slowly or open too many connections, so that the server stays
 * available to other clients. `isProxy` returns whether an address belongs to a trusted proxy.
 */
export function enforceConnectionLimits(
  server: FastifyInstance,
  limits: ConnectionLimits,
  isProxy: (address: string) => boolean,
): void {
  const { server: listener } = server;
  const incoming = new Map<IncomingMessage, Incoming>();
  const connected = new Map<string, number>();
  listener.maxConnections = limits.connections;
  listener.maxHeadersCount = MOST_HEADERS;
  listener.headersTimeout = limits.headers;

  listener.on('connection', (socket: Socket) => {
    const address = socket.remoteAddress ?? '';
    const count = (connected.get(address) ?? 0) + 1;
    connected.set(address, count);
    socket.once('close', () => {
      const left = (connected.get(address) ?? 1) - 1;
      if (left > 0) connected.set(address, left);
      else connected.delete(address);
    });
    if (count > limits.connectionsOfOne && !isProxy(address)) socket.destroy();
  });

  listener.on('request', (request: IncomingMessage, response: ServerResponse) => {
    incoming.set(request, { response, begun: performance.now(), bytes: request.socket.bytesRead });
    request.once('close', () => incoming.delete(request));
    response.once('finish', () => {
      if (request.complete) return;
      // The rest of the request is read and dropped: closing now could discard the response on its way (RFC 9112, 9.6).
      setTimeout(() => {
        if (!request.complete) request.socket.destroy();
      }, limits.linger).unref();
    });
  });

  const timer = setInterval(() => {
    // A monotonic clock, so that no connection is closed when the system time is changed.
    const now = performance.now();
    for (const [request, window] of incoming) {
      if (request.complete) incoming.delete(request);
      else if (now - window.begun >= limits.window) {
        const { bytesRead } = request.socket;
        if (bytesRead - window.bytes < limits.bytes && !waitsForUs(request)) request.socket.destroy();
        else incoming.set(request, { ...window, begun: now, bytes: bytesRead });
      }
    }
  }, limits.check).unref();

  server.addHook('onSend', async ({ raw }) => {
    // Node resets the timeout of the socket after the response. Requests inside the process (inject) have no socket.
    if (raw.socket instanceof Socket) raw.socket.setTimeout(limits.taking);
  });
  server.addHook('onClose', async () => clearInterval(timer));
}
