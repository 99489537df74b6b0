import type { FastifyInstance } from 'fastify';
import type { Library } from '../../library/library.ts';
import { role } from '../../model/roles.ts';
import { access } from '../authorisation/route-access.ts';
import { requireEditor } from '../authorisation/session-guards.ts';
import { Refusal } from '../domain/refusal.ts';
import { Handbooks } from './help/handbooks.ts';
import { handbookPage, helpPage, type Contact } from './help-page.ts';
import { sendPage } from './shell/send-page.ts';

export interface HelpDeps {
  library(): Promise<Library>;
}

/** Registers the pages and pictures of the handbooks, for everybody who is signed in. */
export function helpRoutes(server: FastifyInstance, deps: HelpDeps): void {
  const signedIn = access({ who: 'signed-in' });
  const handbooks = new Handbooks();
  const contact = async (): Promise<Contact> => (await deps.library()).reader().site().contact;

  server.get('/help', signedIn, async (_request, reply) => reply.redirect('/desk/help/', 301));

  server.get('/help/', signedIn, async (request, reply) =>
    sendPage(reply, helpPage(requireEditor(request), await handbooks.all(), await contact())),
  );

  server.get<{ Params: { role: string } }>('/help/:role', signedIn, async (request, reply) =>
    reply.redirect(`/desk/help/${encodeURIComponent(request.params.role)}/`, 301),
  );

  server.get<{ Params: { role: string } }>('/help/:role/', signedIn, async (request, reply) => {
    const all = await handbooks.all();
    const asked = role.safeParse(request.params.role).data;
    const handbook = asked && all.byRole.get(asked);
    if (!handbook) throw new Refusal(404, '没有这本手册。请从“帮助”里选。');
    return sendPage(reply, handbookPage(requireEditor(request), handbook, all, await contact()));
  });

  server.get<{ Params: { version: string; name: string } }>(
    '/help/pictures/:version/:name',
    signedIn,
    async (request, reply) => {
      const { version, name } = request.params;
      const bytes = await handbooks.bytesOf(name, version);
      if (!bytes) throw new Refusal(404, '没有这张图。请刷新页面再看。');
      return (
        reply
          // The path contains the version of the picture, so a changed picture has another path.
          .header('cache-control', 'private, max-age=31536000, immutable')
          .header('content-security-policy', "default-src 'none'; sandbox")
          .type('image/webp')
          .send(bytes)
      );
    },
  );
}
