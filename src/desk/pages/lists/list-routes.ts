import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { collectionMenu, isSingleFile } from '../../../model/collection-menu.ts';
import { collectionNames, type CollectionName } from '../../../model/fields/collection-names.ts';
import { mayWriteIn } from '../../../model/roles.ts';
import { access } from '../../authorisation/route-access.ts';
import { requireEditor } from '../../authorisation/session-guards.ts';
import { Refusal } from '../../domain/refusal.ts';
import { BOARD, LISTS, settingsAddress } from '../shell/addresses.ts';
import { sendPage } from '../shell/send-page.ts';
import { boardPage } from './board-page.ts';
import { entryListPage, type EntryListDeps } from './entry-list-page.ts';
import { listAddress, parsedListQuery } from './list-query.ts';

const path = z.object({ collection: z.enum(collectionNames) });

/** Returns the collection that a path names. @throws Refusal 404 if there is no such collection. */
function collectionIn({ params }: FastifyRequest): CollectionName {
  const { data } = path.safeParse(params);
  if (!data) throw new Refusal(404, '没有这个栏目。请从“稿件”里选。');
  return data.collection;
}

/** Registers the lists of entries and the board. */
export function listRoutes(server: FastifyInstance, deps: EntryListDeps): void {
  const signedIn = access({ who: 'signed-in' });
  const ofCollection = access({ who: 'signed-in', collection: collectionIn });

  server.get('/entries/', signedIn, async (request, reply) => {
    const editor = requireEditor(request);
    const first = collectionMenu.find((name) => mayWriteIn(editor, name));
    if (first === undefined) throw new Refusal(403, '您不处理任何栏目。');
    return reply.redirect(listAddress(first, parsedListQuery(request.query).query), 303);
  });

  server.get('/entries/:collection', ofCollection, async (request, reply) =>
    reply.redirect(listAddress(collectionIn(request), parsedListQuery(request.query).query), 303),
  );

  server.get('/entries/:collection/', ofCollection, async (request, reply) => {
    const collection = collectionIn(request);
    if (isSingleFile(collection)) return reply.redirect(settingsAddress, 303);
    const query = parsedListQuery(request.query);
    return sendPage(reply, await entryListPage(requireEditor(request), collection, query, deps));
  });

  server.get('/entries', signedIn, async (_request, reply) => reply.redirect(LISTS, 303));
  server.get('/board', signedIn, async (_request, reply) => reply.redirect(BOARD, 303));
  server.get('/board/', signedIn, async (request, reply) =>
    sendPage(reply, await boardPage(requireEditor(request), deps)),
  );
}
