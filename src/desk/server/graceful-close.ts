import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** How long requests in progress may take once the server closes, in milliseconds. */
const TIMEOUT = 30_000;

/**
 * Makes a server close gracefully. Requests in progress get their responses, if these take less than `timeout`
 * milliseconds. Connections without a request in progress are closed at once.
 */
export function closeGracefully(server: FastifyInstance, timeout = TIMEOUT): void {
  const sockets = new Set<Socket>();
  const answering = new Map<Socket, ServerResponse>();
  let closing = false;
  let cut: NodeJS.Timeout | undefined;

  server.server.on('connection', (socket: Socket) => {
    if (closing) return socket.destroy();
    sockets.add(socket);
    return socket.once('close', () => sockets.delete(socket));
  });
  server.server.on('request', ({ socket }, response: ServerResponse) => {
    answering.set(socket, response);
    response.once('close', () => {
      if (answering.get(socket) === response) answering.delete(socket);
      if (closing) socket.end();
    });
  });
  server.addHook('preClose', async () => {
    closing = true;
    for (const socket of sockets) {
      const response = answering.get(socket);
      if (!response) socket.destroy();
      else if (!response.headersSent) response.setHeader('connection', 'close');
    }
    cut = setTimeout(() => {
      for (const socket of sockets) socket.destroy();
    }, timeout).unref();
  });
  server.addHook('onClose', async () => clearTimeout(cut));
}
