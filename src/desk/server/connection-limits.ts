import type { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { FILE_LIMITS } from '../../photo/rules/file-rule.ts';

/** How slow and how many clients may be; times in milliseconds. */
export interface ConnectionLimits {
  /** From connecting, or from the first byte of a further request, to the end of its headers. */
  headers: number;
  /** Within each `window` of a request that is still coming in, at least `bytes` must come. */
  window: number;
  bytes: number;
  /** A request may take no longer as a whole, however steadily it comes. */
  whole: number;
  /** How long the rest of a request that was answered early is still read, so that the answer is seen. */
  linger: number;
  /** How long a reader may take nothing of an answer that is on its way. */
  taking: number;
  /** Connections at once, in all and from one address; behind a trusted proxy only in all. */
  connections: number;
  connectionsOfOne: number;
  /** How often it is looked after. */
  check: number;
}

/** The slowest line that a photo of the largest size is still taken over, in bytes a second. */
const SLOWEST_LINE = 10_000;

/**
 * An upload of 40 MB over 30 kB/s takes 23 minutes and is welcome; a body that trickles is not, nor one without an end.
 * A line that is gone for half a minute has broken off. A whole office may come from one address.
 */
const PACE: ConnectionLimits = {
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

/** A browser sends some twenty headers, a proxy a few more. */
const MOST_HEADERS = 100;

/** What node:http is to be made with for a pace, which may differ from the usual one. */
export function connectionLimitsOf(changes: Partial<ConnectionLimits> = {}): ConnectionLimits {
  return { ...PACE, ...changes };
}

/** A request that is still coming in: how many bytes had come when its window began. */
interface Incoming {
  response: ServerResponse;
  begun: number;
  bytes: number;
}

/** Is it we who do not read on, and not the client who does not send? */
function waitsForUs(request: IncomingMessage): boolean {
  return request.readableLength >= request.readableHighWaterMark || request.isPaused();
}

/** Cuts off whoever sends or takes too slowly, or comes too often at once, so that the others are served. */
export function enforceConnectionLimits(
  server: FastifyInstance,
  pace: ConnectionLimits,
  isProxy: (address: string) => boolean,
): void {
  const { server: listener } = server;
  const incoming = new Map<IncomingMessage, Incoming>();
  const connected = new Map<string, number>();
  listener.maxConnections = pace.connections;
  listener.maxHeadersCount = MOST_HEADERS;
  listener.headersTimeout = pace.headers;

  listener.on('connection', (socket: Socket) => {
    const address = socket.remoteAddress ?? '';
    const count = (connected.get(address) ?? 0) + 1;
    connected.set(address, count);
    socket.once('close', () => {
      const left = (connected.get(address) ?? 1) - 1;
      if (left > 0) connected.set(address, left);
      else connected.delete(address);
    });
    if (count > pace.connectionsOfOne && !isProxy(address)) socket.destroy();
  });

  listener.on('request', (request: IncomingMessage, response: ServerResponse) => {
    incoming.set(request, { response, begun: performance.now(), bytes: request.socket.bytesRead });
    request.once('close', () => incoming.delete(request));
    response.once('finish', () => {
      if (request.complete) return;
      // What still comes is read and thrown away: a connection closed under it would take the answer along (RFC 9112, 9.6).
      setTimeout(() => {
        if (!request.complete) request.socket.destroy();
      }, pace.linger).unref();
    });
  });

  const timer = setInterval(() => {
    // A clock that never jumps: nobody is cut off because the time of day was put right.
    const now = performance.now();
    for (const [request, window] of incoming) {
      if (request.complete) incoming.delete(request);
      else if (now - window.begun >= pace.window) {
        const { bytesRead } = request.socket;
        if (bytesRead - window.bytes < pace.bytes && !waitsForUs(request)) request.socket.destroy();
        else incoming.set(request, { ...window, begun: now, bytes: bytesRead });
      }
    }
  }, pace.check).unref();

  server.addHook('onSend', async ({ raw }) => {
    // Node gives the socket its idle time back when the answer has gone out. Who asks within the process has none.
    if (raw.socket instanceof Socket) raw.socket.setTimeout(pace.taking);
  });
  server.addHook('onClose', async () => clearInterval(timer));
}
