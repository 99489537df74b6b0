import type { Socket } from 'node:net';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { EVERYWHERE } from './security-headers.ts';

/**
 * Statuses for errors that node:http raises before there is a request, by error code. All other errors get status 400.
 */
const STATUS: Readonly<Record<string, string>> = {
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
};

const everywhere = Object.entries(EVERYWHERE).map(([name, value]) => `${name}: ${value}\r\n`);

/**
 * Handles an error that node:http raises before there is a request: sends status 400, 408 or 431 with an empty body and
 * closes the connection.
 */
export function refuseBeforeRequest(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const status = STATUS[error.code ?? ''] ?? '400 Bad Request';
  const lines = ['connection: close\r\n', 'content-length: 0\r\n', ...everywhere];
  if (socket.writable) socket.write(`HTTP/1.1 ${status}\r\n${lines.join('')}\r\n`);
  socket.destroy();
}

/**
 * Sends a response, mostly 400 or 414, to a request whose URL is malformed or too long. It sets the headers itself
 * because Fastify runs no hooks for such a request.
 */
export function refuseAddress(error: FastifyError, _request: FastifyRequest, reply: FastifyReply): void {
  void reply
    .code(error.statusCode ?? 400)
    .headers(EVERYWHERE)
    .type('text/plain; charset=utf-8')
    .send('这个网址不对。\n');
}
