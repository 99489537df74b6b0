import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Library } from '../../library/library.ts';
import { hasRole } from '../../model/roles.ts';
import { access, stillAllowed } from '../authorisation/route-access.ts';
import { requireEditor } from '../authorisation/session-guards.ts';
import { draftJobs } from '../drafts/draft-job-file.ts';
import { dateInChina } from '../domain/china-time.ts';
import type { Erasure } from '../erasure/erasure.ts';
import type { ErasedPhoto } from '../erasure/erasure-record.ts';
import { chineseDate } from '../../text/date.ts';
import type { DraftPhotos } from '../photos/draft-photos.ts';
import { entryRefOf, type EntryRef } from '../domain/entry-ref.ts';
import type { RenamedCommits } from '../history/renamed-commits.ts';
import type { TimelineItem, Timeline } from '../history/timeline.ts';
import type { Conflict, SaveConflicts } from '../editing/save-conflicts.ts';
import type { VersionRestore } from '../editing/restore-version.ts';
import { versionAt, type EntryVersion, type ReadVersion } from '../history/version.ts';
import { versionJobs } from '../history/version-job-file.ts';
import { knownNames, type KnownNames, type NameOf } from '../../model/value-labels.ts';
import type { AuditLog } from '../accounts/audit-log.ts';
import type { Editor } from '../domain/editor.ts';
import type { Permissions } from '../authorisation/permissions.ts';
import { sendPhotoResponse } from '../photos/photo-response.ts';
import { Refusal } from '../domain/refusal.ts';
import type { Repository } from '../storage/repository.ts';
import type { TextThreads } from '../texts/text-threads.ts';
import { pageJobs } from './page-job-file.ts';
import { historyPage, restoreQuestion, type HistoryView } from './history-page.ts';
import type { ErasedWords } from './comparison/sides.ts';
import type { Message } from './shell/page-shell.ts';
import { historyAddress } from './shell/addresses.ts';
import { sendPage } from './shell/send-page.ts';

export interface HistoryDeps {
  repository: Repository;
  permissions: Permissions;
  audit: AuditLog;
  timeline: Timeline;
  renamed: RenamedCommits;
  conflicts: SaveConflicts;
  restoring: VersionRestore;
  photos: DraftPhotos;
  texts: TextThreads;
  erasure: Erasure;
  library(): Promise<Library>;
}

const path = z.object({ '*': z.string() });
const commit = z.string().regex(/^[0-9a-f]{40}$/u);
const asked = z.object({
  version: commit.optional(),
  from: commit.optional(),
  to: commit.optional(),
  done: z.enum(['restored', 'restoredWithout', 'taken']).optional().catch(undefined),
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
  restoredWithout:
    '恢复好了：旧的一版已存为草稿，还没有发布。其中有照片已彻底删除，找不回来，草稿里没有它：请补上别的照片。',
  taken: '放进草稿了，还没有发布。',
} as const;

function parsed<Value>(schema: z.ZodType<Value>, value: unknown): Value {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new Refusal(422, '没有这样的版本，没有处理。请回到历史，从那里选。');
}

/** Returns words on each erased photo, by the id of the blob that points to it. */
function erasedIn(photos: ReadonlyMap<string, ErasedPhoto>): ErasedWords {
  return new Map(
    Array.from(photos, ([blob, { at, why }]) => [blob, `照片已彻底删除（${chineseDate(dateInChina(at))}，${why}）`]),
  );
}

/** Returns the entry that a path `<collection>/<slug>` names. @throws Refusal 422 if no entry can have that name. */
function entryIn(request: FastifyRequest): EntryRef {
  const whole = path.parse(request.params)['*'];
  const border = whole.indexOf('/');
  return entryRefOf(whole.slice(0, Math.max(0, border)), whole.slice(border + 1));
}

/**
 * Parses the path of a photo of a version: `<commit>/<collection>/<slug>/<src>`. @throws Refusal 422 if no entry can
 * have that name.
 */
function versionPhotoIn(request: FastifyRequest): { id: string; name: EntryRef; src: string } {
  const [id = '', collection = '', ...rest] = path.parse(request.params)['*'].split('/');
  const src = rest.pop() ?? '';
  return { id, name: entryRefOf(collection, rest.join('/')), src };
}

/**
 * Returns a function that returns the name or title of an entry by collection and key, or undefined if there is none.
 */
function namesIn(library: Library): NameOf {
  return (collection, key) => {
    const data = library.store.entry(collection, key)?.entry.data;
    if (!data) return undefined;
    if ('name' in data) return data.name;
    return 'title' in data ? data.title : undefined;
  };
}

/**
 * Registers the pages of an entry's history. They list the versions of the entry, compare and restore versions, and
 * show texts that were not saved because somebody else had saved first.
 */
export function historyRoutes(server: FastifyInstance, deps: HistoryDeps): void {
  const { repository, permissions, audit, timeline, renamed, conflicts, restoring, texts } = deps;
  const ofEntry = { who: 'signed-in', entries: (request: FastifyRequest) => [entryIn(request)] } as const;
  const reading = access({ ...ofEntry, deferred: ['own conflict'] });

  /**
   * Resolves to the part of an entry's history that a person may see: the items since the time that `Permissions.since`
   * returns.
   * @throws Refusal 404 if the entry never had a version, or if it no longer exists and the person is not a reviewer.
   */
  async function historyOf(editor: Editor, name: EntryRef): Promise<HistoryView> {
    const reviewer = hasRole(editor, 'reviewer');
    const current = await versionAt(repository, name, await restoring.standing(name));
    if (!current && !reviewer) throw new Refusal(404, '这里没有稿件：还没有写，或已被删除。已删除的由审核人查看。');
    const since = await permissions.since(editor, name);
    const items = (await timeline.of(name, { trash: reviewer })).filter(({ at }) => since === undefined || at >= since);
    const newest = items.find(({ isVersion }) => isVersion);
    if (!newest) throw new Refusal(404, '这里从来没有过稿件。');
    const shown = current ?? (await versionAt(repository, name, newest.commit));
    const { title } = await texts.ask(editor.login, draftJobs, 'facts', { file: name.file, text: shown?.text ?? '' });
    return { name, title, items, erased: erasedIn(deps.erasure.erased()) };
  }

  /**
   * Parses versions in a thread and looks up the titles of the entries to which they refer. An undefined source gives
   * an undefined version.
   */
  async function read(
    { login }: Editor,
    name: EntryRef,
    sources: readonly (EntryVersion | undefined)[],
  ): Promise<{ versions: (ReadVersion | undefined)[]; names: KnownNames }> {
    const { versions, referred } = await texts.ask(login, versionJobs, 'readVersions', { name, versions: sources });
    return { versions, names: knownNames(referred, namesIn(await deps.library())) };
  }

  /**
   * Resolves to the version of a commit and its item in the history. `id` may be an id from before the
   * migration to originals. @throws Refusal 404 if the history has no such version.
   */
  async function versionOf(
    { name, items }: HistoryView,
    id: string,
  ): Promise<{ item: TimelineItem; version: EntryVersion }> {
    const present = renamed.presentId(id);
    const item = items.find((one) => one.commit === present && one.isVersion);
    const version = item && (await versionAt(repository, name, present));
    if (!version) throw new Refusal(404, '这一篇没有这个版本。请回到历史，从那里选。');
    return { item, version };
  }

  /**
   * Resolves to the refused texts that a person may see: those since the time that `Permissions.since` returns. If the
   * entry no longer exists, a person who is not a reviewer gets only his or her own texts.
   */
  async function conflictsFor(editor: Editor, name: EntryRef): Promise<Conflict[]> {
    const since = await permissions.since(editor, name);
    const all = (await conflicts.of(name)).filter(({ at }) => since === undefined || at >= since);
    if (all.length === 0 || hasRole(editor, 'reviewer')) return all;
    const current = await versionAt(repository, name, await restoring.standing(name));
    return current ? all : all.filter(({ by }) => by.login === editor.login);
  }

  server.get('/history/*', reading, async (request, reply) => {
    const editor = requireEditor(request);
    const { version: one, from, to, done } = parsed(asked, request.query);
    const view = await historyOf(editor, entryIn(request));
    const { name } = view;
    if (one !== undefined) {
      const { item, version } = await versionOf(view, one);
      const { versions, names } = await read(editor, name, [version]);
      return sendPage(
        reply,
        await texts.ask(editor.login, pageJobs, 'versionHtml', { editor, view, item, version: versions[0], names }),
      );
    }
    if (from !== undefined && to !== undefined) {
      const [before, after] = await Promise.all([versionOf(view, from), versionOf(view, to)]);
      const { versions, names } = await read(editor, name, [before.version, after.version]);
      const items = { from: before.item, to: after.item };
      return sendPage(
        reply,
        await texts.ask(editor.login, pageJobs, 'comparisonHtml', { editor, view, items, versions, names }),
      );
    }
    const message: Message | undefined = done && { kind: 'done', text: doneWords[done] };
    return sendPage(reply, historyPage(editor, view, await conflictsFor(editor, name), message));
  });

  const restores = access({ ...ofEntry, deferred: ['unit of the text'] });
  server.post('/history/*', restores, async (request, reply) => {
    const editor = requireEditor(request);
    const { version: id, sure } = parsed(restored, request.body ?? {});
    const view = await historyOf(editor, entryIn(request));
    const { name } = view;
    const { item, version } = await versionOf(view, id);
    // Permission is checked again: it may have been withdrawn while the history was read.
    const result = await restoring.restore(name, version, { at: item.at, sure }, await stillAllowed(request));
    if (result.asking) return sendPage(reply, restoreQuestion(editor, view, item, result.asking), 409);
    audit.record(editor, '恢复旧版本', name.file);
    const done = result.erased > 0 ? 'restoredWithout' : 'restored';
    return reply.redirect(`${historyAddress(name)}?done=${done}`, 303);
  });

  /**
   * Resolves to the refused text that a request names. @throws Refusal 404 if there is none that the person may see.
   */
  async function requireConflict(editor: Editor, request: FastifyRequest) {
    const name = entryIn(request);
    const { kept: id } = parsed(kept, request.query);
    const conflict = (await conflictsFor(editor, name)).find((one) => one.id === id);
    const version = conflict && (await versionAt(repository, name, conflict.commit));
    if (!version) throw new Refusal(404, '没有这一份留下来的文字：它可能已经很旧，由更新的代替了。');
    return { name, conflict, version };
  }

  async function sendConflict(
    request: FastifyRequest,
    reply: FastifyReply,
    message?: Message,
    status = 200,
  ): Promise<FastifyReply> {
    const editor = requireEditor(request);
    const { name, conflict, version } = await requireConflict(editor, request);
    const commitNow = await restoring.standing(name);
    const content = await restoring.standingContent(name);
    const [now, base] = await Promise.all([
      versionAt(repository, name, commitNow),
      conflicts.versionOf(name, conflict.base),
    ]);
    const { versions, names } = await read(editor, name, [version, now, base]);
    const erased = erasedIn(deps.erasure.erased());
    const shown = { name, conflict, current: { commit: commitNow, content }, versions, erased };
    return sendPage(
      reply,
      await texts.ask(editor.login, pageJobs, 'conflictHtml', { editor, shown, names, message }),
      status,
    );
  }

  server.get('/conflict/*', reading, async (request, reply) => sendConflict(request, reply));

  const takesOver = access({ ...ofEntry, deferred: ['own conflict', 'unit of the text'] });
  server.post('/conflict/*', takesOver, async (request, reply) => {
    const editor = requireEditor(request);
    const { take, stands, field } = parsed(taken, request.body ?? {});
    const { name, version } = await requireConflict(editor, request);
    const keys = take === 'all' ? take : [field].flat();
    try {
      if (keys.length === 0) throw new Refusal(422, '没有勾选哪一处，没有处理。');
      await restoring.takeOver(name, version, { keys, stands }, editor);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return sendConflict(request, reply, { kind: 'error', text: error.message }, error.status);
    }
    audit.record(editor, '采用没有保存的一版', name.file);
    return reply.redirect(`${historyAddress(name)}?done=taken`, 303);
  });

  const ofPhoto = access({
    who: 'signed-in',
    entries: (request) => [versionPhotoIn(request).name],
    deferred: ['own conflict'],
  });
  server.get('/version-photo/*', ofPhoto, async (request, reply) => {
    const editor = requireEditor(request);
    const { id, name, src } = versionPhotoIn(request);
    const wanted = renamed.presentId(parsed(commit, id));
    const refused = (await conflictsFor(editor, name)).some((one) => one.commit === wanted);
    if (!refused) await versionOf(await historyOf(editor, name), wanted);
    const blob = (await versionAt(repository, name, wanted))?.photos.get(src);
    if (blob === undefined) throw new Refusal(404, '这一版里没有这张照片。');
    const erased = erasedIn(deps.erasure.erased()).get(blob);
    if (erased !== undefined) throw new Refusal(410, `${erased}。`);
    return sendPhotoResponse(request, reply, deps, { blob }, true);
  });
}
