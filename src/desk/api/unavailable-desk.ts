import type { FastifyInstance, FastifyReply } from 'fastify';
import { sendDeskHeaders } from '../server/security-headers.ts';
import { pageAssets } from '../pages/assets.ts';
import { plainPage } from '../pages/sign-in-pages.ts';
import { sendPage } from '../pages/shell/send-page.ts';
import { STORAGE_TROUBLE } from '../storage/damage.ts';

const TITLE = '编辑台暂时不能用';

/**
 * Registers the routes that replace those of a desk that could not be opened. Every URL of the desk, except the assets
 * of its pages, responds with status 503 and a sentence, as JSON or as a page.
 */
export async function closedDesk(server: FastifyInstance): Promise<void> {
  await server.register(async (own) => {
    sendDeskHeaders(own);
    // The bodies of requests are not read.
    own.removeAllContentTypeParsers();
    own.addContentTypeParser('*', (_request, _payload, done) => done(null));
    const answerProgram = async (_request: unknown, reply: FastifyReply): Promise<FastifyReply> =>
      reply
        .code(503)
        .type('application/json; charset=utf-8')
        .send(JSON.stringify({ error: STORAGE_TROUBLE }));
    const answerPerson = async (_request: unknown, reply: FastifyReply): Promise<FastifyReply> =>
      sendPage(reply, plainPage(TITLE, STORAGE_TROUBLE), 503);
    own.all('/api/*', answerProgram);
    pageAssets(own, '/desk');
    for (const place of ['/desk', '/admin']) {
      own.all(place, answerPerson);
      own.all(`${place}/*`, answerPerson);
    }
  });
}
