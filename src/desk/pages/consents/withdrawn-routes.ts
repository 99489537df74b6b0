import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Library } from '../../../library/library.ts';
import { photoEntries } from '../../../library/store/photo-lists.ts';
import type { AuditLog } from '../../accounts/audit-log.ts';
import { access, stillAllowed } from '../../authorisation/route-access.ts';
import { requireEditor } from '../../authorisation/session-guards.ts';
import { whoMay } from '../../authorisation/who-may.ts';
import { entryRefOf, type EntryRef } from '../../domain/entry-ref.ts';
import { Refusal } from '../../domain/refusal.ts';
import { keptSentence, type Erasure, type ErasureResult } from '../../erasure/erasure.ts';
import type { PublishQueue } from '../../publishing/publish-queue.ts';
import type { Message } from '../shell/page-shell.ts';
import { sendPage } from '../shell/send-page.ts';
import { withdrawnPage } from './withdrawn-page.ts';

export interface WithdrawnDeps {
  audit: AuditLog;
  publishing: PublishQueue;
  erasure: Erasure;
  library(): Promise<Library>;
}

const path = z.object({ '*': z.string() });
/** The form: `src` names one photo of an entry; without it, all photos of a withdrawn entry are meant. */
const asked = z.object({ src: z.string().max(200).optional(), when: z.enum(['now', 'later']) });

/** Returns the entry that a path `<collection>/<slug>` names. @throws Refusal 422 if no entry can have that name. */
function entryIn(request: FastifyRequest): EntryRef {
  const [collection = '', ...slug] = path.parse(request.params)['*'].split('/');
  return entryRefOf(collection, slug.join('/'));
}

function messageOf({ erased, kept }: ErasureResult): Message {
  const done = erased > 0 ? [`彻底删除了 ${erased} 张照片。`] : [];
  const text = [...done, ...kept.map(keptSentence)].join('') || '没有照片可以删：它已经彻底删除，或没有撤下。';
  return { kind: erased > 0 && kept.length === 0 ? 'done' : 'error', text };
}

/** Registers the page of withdrawn photos and entries, and the forms on it that erase originals. */
export function withdrawnRoutes(server: FastifyInstance, deps: WithdrawnDeps): void {
  const { audit, publishing, erasure } = deps;

  async function page(request: FastifyRequest, message?: Message): Promise<string> {
    const { store } = await deps.library();
    return withdrawnPage(requireEditor(request), { store, requests: await erasure.requests() }, message);
  }

  server.get('/withdrawn', access({ who: whoMay.erasePhotos }), async (request, reply) =>
    sendPage(reply, await page(request)),
  );

  const ofEntry = { who: whoMay.erasePhotos, entries: (request: FastifyRequest) => [entryIn(request)] } as const;
  server.post('/withdrawn/*', access(ofEntry), async (request, reply) => {
    const name = entryIn(request);
    const parsed = asked.safeParse(request.body ?? {});
    if (!parsed.success) throw new Refusal(422, '编辑台看不懂这个请求，没有处理。请刷新页面再试。');
    const { src, when } = parsed.data;
    const { store } = await deps.library();
    const entry = photoEntries(store).find(({ file }) => file === name.file);
    if (!entry) throw new Refusal(404, '这一篇没有发布过，或已被删除，没有处理。请刷新页面再看。');
    let srcs = src === undefined ? [] : [src];
    if (src === undefined) {
      const { withdrawn, photos } = entry;
      if (!withdrawn) throw new Refusal(409, '这一篇没有撤稿，没有处理：请先撤稿，或只撤下照片。');
      srcs = photos.map((photo) => photo.src);
      if (photos.some((photo) => !photo.withdrawn)) {
        const editor = requireEditor(request);
        const allowed = async () => stillAllowed(request);
        const { reason } = withdrawn;
        await publishing.withdrawPhotos(name, { srcs: 'all', reason }, editor, allowed);
        audit.record(editor, '撤下照片', name.file);
        const noted = srcs.map((one) => ({ entry: name.file, src: one, reason }));
        await erasure.note(noted, editor);
      }
    }
    // Permission is checked again: it may have been withdrawn while the site was rendered.
    const editor = await stillAllowed(request);
    if (when === 'later') {
      const message: Message = { kind: 'done', text: '记下了：这一篇的照片 30 天后彻底删除。' };
      return sendPage(reply, await page(request, message));
    }
    const result = await erasure.erase(name.file, srcs, editor);
    if (result.erased > 0) audit.record(editor, '彻底删除照片', name.file);
    return sendPage(reply, await page(request, messageOf(result)), result.kept.length > 0 ? 409 : 200);
  });
}
