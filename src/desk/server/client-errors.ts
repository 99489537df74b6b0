import type { Socket } from 'node:net';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { EVERYWHERE } from './security-headers.ts';

/** Statuses for what node:http refuses before there is a request, by the codes of its errors. */
const STATUS: Readonly<Record<string, string>> = {
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
};

const everywhere = Object.entries(EVERYWHERE).map(([name, value]) => `${name}: ${value}\r\n`);

/** Answers what is no request that can be understood, in a line without a body, and hangs up. */
export function refuseBeforeRequest(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const status = STATUS[error.code ?? ''] ?? '400 Bad Request';
  const lines = ['connection: close\r\n', 'content-length: 0\r\n', ...everywhere];
  if (socket.writable) socket.write(`HTTP/1.1 ${status}\r\n${lines.join('')}\r\n`);
  socket.destroy();
}

/** Answers a request whose address cannot be read or is too long; no hook hears of it. */
export function refuseAddress(error: FastifyError, _request: FastifyRequest, reply: FastifyReply): void {
  void reply
    .code(error.statusCode ?? 400)
    .headers(EVERYWHERE)
    .type('text/plain; charset=utf-8')
    .send('这个网址不对。\n');
}
