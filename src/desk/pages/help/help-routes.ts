import type { FastifyInstance } from 'fastify';
import type { Library } from '../../../library/library.ts';
import { role } from '../../../model/roles.ts';
import { requireEditor } from '../../authorisation/session-guards.ts';
import { Refusal } from '../../domain/refusal.ts';
import { sendPage } from '../send-page.ts';
import { Handbooks } from './handbooks.ts';
import { handbookPage, helpPage, type Contact } from './help-page.ts';

export interface HelpRooms {
  library(): Promise<Library>;
}

/** Registers the handbooks' pages and pictures, for everybody who is signed in. */
export function help(server: FastifyInstance, rooms: HelpRooms): void {
  const handbooks = new Handbooks();
  const contact = async (): Promise<Contact> => (await rooms.library()).reader().site().contact;

  server.get('/help', async (_request, reply) => reply.redirect('/desk/help/', 301));

  server.get('/help/', async (request, reply) =>
    sendPage(reply, helpPage(requireEditor(request), await handbooks.all(), await contact())),
  );

  server.get<{ Params: { role: string } }>('/help/:role', async (request, reply) =>
    reply.redirect(`/desk/help/${encodeURIComponent(request.params.role)}/`, 301),
  );

  server.get<{ Params: { role: string } }>('/help/:role/', async (request, reply) => {
    const all = await handbooks.all();
    const asked = role.safeParse(request.params.role).data;
    const handbook = asked && all.byRole.get(asked);
    if (!handbook) throw new Refusal(404, '没有这本手册。请从“帮助”里选。');
    return sendPage(reply, handbookPage(requireEditor(request), handbook, all, await contact()));
  });

  server.get<{ Params: { version: string; name: string } }>('/help/pictures/:version/:name', async (request, reply) => {
    const { version, name } = request.params;
    const bytes = await handbooks.bytesOf(name, version);
    if (!bytes) throw new Refusal(404, '没有这张图。请刷新页面再看。');
    return (
      reply
        // The address changes with the picture.
        .header('cache-control', 'private, max-age=31536000, immutable')
        .header('content-security-policy', "default-src 'none'; sandbox")
        .type('image/webp')
        .send(bytes)
    );
  });
}
