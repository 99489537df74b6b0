import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** Time limit of requests in progress once the server is asked to close, in milliseconds. */
const PATIENCE = 30_000;

/**
 * Lets a server close gracefully: requests in progress are answered, within 30 seconds; connections that wait for a next
 * request, or have not sent a first one, are closed at once.
 */
export function closeGracefully(server: FastifyInstance, patience = PATIENCE): void {
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
    }, patience).unref();
  });
  server.addHook('onClose', async () => clearTimeout(cut));
}
