import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Library } from '../../library/library.ts';
import { hasRole } from '../../model/roles.ts';
import { requireEditor } from '../authorisation/session-guards.ts';
import { draftJobs } from '../drafts/draft-job-file.ts';
import type { DraftPhotos } from '../photos/draft-photos.ts';
import { entryRefOf, type EntryRef } from '../domain/entry-ref.ts';
import type { TimelineItem, Timeline } from '../history/timeline.ts';
import type { Conflict, SaveConflicts } from '../editing/save-conflicts.ts';
import type { VersionRestore } from '../editing/restore-version.ts';
import { versionAt, type EntryVersion, type ReadVersion } from '../history/version.ts';
import { versionJobs } from '../history/version-job-file.ts';
import { knownNames, type KnownNames, type NameOf } from '../history/value-labels.ts';
import type { AuditLog } from '../accounts/audit-log.ts';
import type { Editor } from '../domain/editor.ts';
import type { Permissions } from '../authorisation/permissions.ts';
import { sendPhotoResponse } from '../photos/photo-response.ts';
import { Refusal } from '../domain/refusal.ts';
import type { Repository } from '../storage/repository.ts';
import type { TextThreads } from '../texts/text-room.ts';
import { pageJobs } from './page-job-file.ts';
import { historyPage, restoreQuestion, type HistoryView } from './history-page.ts';
import type { Message } from './page-shell.ts';
import { historyAddress } from './links.ts';
import { sendPage } from './send-page.ts';

export interface HistoryDeps {
  repository: Repository;
  policy: Permissions;
  audit: AuditLog;
  chronicle: Timeline;
  conflicts: SaveConflicts;
  restoring: VersionRestore;
  photos: DraftPhotos;
  texts: TextThreads;
  library(): Promise<Library>;
}

type PathRequest = FastifyRequest<{ Params: { '*': string } }>;

const commit = z.string().regex(/^[0-9a-f]{40}$/u);
const asked = z.object({
  version: commit.optional(),
  from: commit.optional(),
  to: commit.optional(),
  done: z.enum(['restored', 'taken']).optional().catch(undefined),
});
const restored = z.object({ version: commit, sure: commit.optional() });
const kept = z.object({ kept: z.string() });
const taken = z.object({
  take: z.enum(['some', 'all']),
  stands: z.string(),
  field: z.union([z.string(), z.array(z.string())]).default([]),
});

const doneWords = {
  restored: '恢复好了：旧的一版已存为草稿，还没有发布。',
  taken: '放进草稿了，还没有发布。',
} as const;

function parsed<Value>(schema: z.ZodType<Value>, value: unknown): Value {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new Refusal(422, '没有这样的版本，没有处理。请回到历史，从那里选。');
}

/** The entry that a path names: `<collection>/<slug>`. */
function entryIn(path: string): EntryRef {
  const border = path.indexOf('/');
  return entryRefOf(path.slice(0, Math.max(0, border)), path.slice(border + 1));
}

/** How an entry is called by those who name it. */
function namesIn(library: Library): NameOf {
  return (collection, key) => {
    const data = library.shelf.entry(collection, key)?.entry.data;
    if (!data) return undefined;
    if ('name' in data) return data.name;
    return 'title' in data ? data.title : undefined;
  };
}

/** What became of an entry: its versions, compared and restored, and texts that came too late. */
export function historyRoutes(server: FastifyInstance, rooms: HistoryDeps): void {
  const { repository, policy, audit, chronicle, conflicts, restoring, texts } = rooms;

  /** The entry's history, as this person may see it. What is neither published nor in draft is the reviewers'. */
  async function tell(editor: Editor, name: EntryRef): Promise<HistoryView> {
    await policy.requireAccess(editor, name);
    const reviewer = hasRole(editor, 'reviewer');
    const stands = await versionAt(repository, name, await restoring.standing(name));
    if (!stands && !reviewer) throw new Refusal(404, '这里没有稿件：还没有写，或已被删除。已删除的由审核人查看。');
    const since = await policy.since(editor, name);
    const chapters = (await chronicle.of(name, { trash: reviewer })).filter(
      ({ at }) => since === undefined || at >= since,
    );
    const newest = chapters.find(({ isVersion }) => isVersion);
    if (!newest) throw new Refusal(404, '这里从来没有过稿件。');
    const shown = stands ?? (await versionAt(repository, name, newest.commit));
    const { title } = await texts.ask(editor.login, draftJobs, 'facts', { file: name.file, text: shown?.text ?? '' });
    return { name, title, chapters };
  }

  /** Parses some versions and looks up the titles of the entries that they refer to. */
  async function read(
    { login }: Editor,
    name: EntryRef,
    asked: readonly (EntryVersion | undefined)[],
  ): Promise<{ versions: (ReadVersion | undefined)[]; names: KnownNames }> {
    const { versions, referred } = await texts.ask(login, versionJobs, 'readVersions', { name, versions: asked });
    return { versions, names: knownNames(referred, namesIn(await rooms.library())) };
  }

  async function versionOf(
    { name, chapters }: HistoryView,
    id: string,
  ): Promise<{ chapter: TimelineItem; version: EntryVersion }> {
    const chapter = chapters.find((one) => one.commit === id && one.isVersion);
    const version = chapter && (await versionAt(repository, name, id));
    if (!version) throw new Refusal(404, '这一篇没有这个版本。请回到历史，从那里选。');
    return { chapter, version };
  }

  /** The kept texts of an entry that this person may see: one's own, and those of whose entry one handles. */
  async function keptFor(editor: Editor, name: EntryRef): Promise<Conflict[]> {
    await policy.requireAccess(editor, name);
    const since = await policy.since(editor, name);
    const all = (await conflicts.of(name)).filter(({ at }) => since === undefined || at >= since);
    if (all.length === 0 || hasRole(editor, 'reviewer')) return all;
    const stands = await versionAt(repository, name, await restoring.standing(name));
    return stands ? all : all.filter(({ by }) => by.login === editor.login);
  }

  server.get('/history/*', async (request: PathRequest, reply) => {
    const editor = requireEditor(request);
    const { version: one, from, to, done } = parsed(asked, request.query);
    const told = await tell(editor, entryIn(request.params['*']));
    const { name } = told;
    if (one !== undefined) {
      const { chapter, version } = await versionOf(told, one);
      const { versions, names } = await read(editor, name, [version]);
      return sendPage(
        reply,
        await texts.ask(editor.login, pageJobs, 'versionHtml', { editor, told, chapter, version: versions[0], names }),
      );
    }
    if (from !== undefined && to !== undefined) {
      const [before, after] = await Promise.all([versionOf(told, from), versionOf(told, to)]);
      const { versions, names } = await read(editor, name, [before.version, after.version]);
      const chapters = { from: before.chapter, to: after.chapter };
      return sendPage(
        reply,
        await texts.ask(editor.login, pageJobs, 'comparisonHtml', { editor, told, chapters, versions, names }),
      );
    }
    const message: Message | undefined = done && { kind: 'done', text: doneWords[done] };
    return sendPage(reply, historyPage(editor, told, await keptFor(editor, name), message));
  });

  server.post('/history/*', async (request: PathRequest, reply) => {
    const editor = requireEditor(request);
    const { version: id, sure } = parsed(restored, request.body ?? {});
    const told = await tell(editor, entryIn(request.params['*']));
    const { name } = told;
    const { chapter, version } = await versionOf(told, id);
    const asking = await restoring.restore(name, version, { at: chapter.at, sure }, editor);
    if (asking) return sendPage(reply, restoreQuestion(editor, told, chapter, asking), 409);
    audit.note(editor, '恢复旧版本', name.file);
    return reply.redirect(`${historyAddress(name)}?done=restored`, 303);
  });

  /** The kept text that is asked for. */
  async function requireKept(editor: Editor, request: PathRequest) {
    const name = entryIn(request.params['*']);
    const { kept: id } = parsed(kept, request.query);
    const conflict = (await keptFor(editor, name)).find((one) => one.id === id);
    const version = conflict && (await versionAt(repository, name, conflict.commit));
    if (!version) throw new Refusal(404, '没有这一份留下来的文字：它可能已经很旧，由更新的代替了。');
    return { name, conflict, version };
  }

  async function sendConflict(
    request: PathRequest,
    reply: FastifyReply,
    message?: Message,
    status = 200,
  ): Promise<FastifyReply> {
    const editor = requireEditor(request);
    const { name, conflict, version } = await requireKept(editor, request);
    const standing = await restoring.standing(name);
    const content = await restoring.standingContent(name);
    const [now, base] = await Promise.all([
      versionAt(repository, name, standing),
      conflicts.versionOf(name, conflict.base),
    ]);
    const { versions, names } = await read(editor, name, [version, now, base]);
    const meeting = { name, conflict, stands: { commit: standing, content }, versions };
    return sendPage(
      reply,
      await texts.ask(editor.login, pageJobs, 'conflictHtml', { editor, meeting, names, message }),
      status,
    );
  }

  server.get('/conflict/*', async (request: PathRequest, reply) => sendConflict(request, reply));

  server.post('/conflict/*', async (request: PathRequest, reply) => {
    const editor = requireEditor(request);
    const { take, stands, field } = parsed(taken, request.body ?? {});
    const { name, version } = await requireKept(editor, request);
    const keys = take === 'all' ? take : [field].flat();
    try {
      if (keys.length === 0) throw new Refusal(422, '没有勾选哪一处，没有处理。');
      await restoring.takeOver(name, version, { keys, stands }, editor);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return sendConflict(request, reply, { kind: 'error', text: error.message }, error.status);
    }
    audit.note(editor, '采用没有保存的一版', name.file);
    return reply.redirect(`${historyAddress(name)}?done=taken`, 303);
  });

  server.get('/version-photo/*', async (request: PathRequest, reply) => {
    const editor = requireEditor(request);
    const [id = '', collection = '', ...rest] = request.params['*'].split('/');
    const src = rest.pop() ?? '';
    const name = entryRefOf(collection, rest.join('/'));
    const wanted = parsed(commit, id);
    const own = (await keptFor(editor, name)).some((one) => one.commit === wanted);
    if (!own) await versionOf(await tell(editor, name), wanted);
    const blob = (await versionAt(repository, name, wanted))?.photos.get(src);
    if (blob === undefined) throw new Refusal(404, '这一版里没有这张照片。');
    return sendPhotoResponse(request, reply, rooms, { blob }, true);
  });
}
