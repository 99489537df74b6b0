import type { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { FILE_LIMITS } from '../../photo/rules/file-rule.ts';

/** Limits on slow and numerous clients; times in milliseconds. */
export interface ConnectionLimits {
  /** From the connection, or from the first byte of a further request, to the end of the headers. */
  headers: number;
  /** In each `window` of a request that is still arriving, at least `bytes` bytes must arrive. */
  window: number;
  bytes: number;
  /** Longest time for a whole request to arrive. */
  whole: number;
  /** How long the rest of a request is read after it was answered early, so that the client receives the answer. */
  linger: number;
  /** How long a client may accept no byte of a response. */
  taking: number;
  /** Most connections at once: in total, and from one address (not for trusted proxies). */
  connections: number;
  connectionsOfOne: number;
  /** How often the limits are checked. */
  check: number;
}

/** The slowest line over which the largest photo can be uploaded, in bytes per second. */
const SLOWEST_LINE = 10_000;

/**
 * An upload of 40 MB over 30 kB/s takes 23 minutes and is allowed; a body that trickles or never ends is not. A line that
 * is silent for half a minute is broken. A whole office may share one address.
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

/** A browser sends about twenty headers, a proxy a few more. */
const MOST_HEADERS = 100;

/** Returns the default limits with some changes. */
export function connectionLimitsOf(changes: Partial<ConnectionLimits> = {}): ConnectionLimits {
  return { ...DEFAULTS, ...changes };
}

/** A request that is still arriving: when its window began, and how many bytes had arrived by then. */
interface Incoming {
  response: ServerResponse;
  begun: number;
  bytes: number;
}

/** Is the server not reading, so that the client cannot send? */
function waitsForUs(request: IncomingMessage): boolean {
  return request.readableLength >= request.readableHighWaterMark || request.isPaused();
}

/** Closes connections of clients that send or receive too slowly or open too many, so that others are served. */
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
      // The rest is read and thrown away: closing now could discard the answer on its way (RFC 9112, 9.6).
      setTimeout(() => {
        if (!request.complete) request.socket.destroy();
      }, limits.linger).unref();
    });
  });

  const timer = setInterval(() => {
    // A monotonic clock: setting the time of day closes no connection.
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
    // Node resets the socket's timeout after the answer. Requests within the process (inject) have no socket.
    if (raw.socket instanceof Socket) raw.socket.setTimeout(limits.taking);
  });
  server.addHook('onClose', async () => clearInterval(timer));
}
