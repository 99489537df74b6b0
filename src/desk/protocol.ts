import { z } from 'zod';
import { entryAt } from '../model/entry-path.ts';
import { draftState, type Drafts } from './drafts.ts';
import type { Editing } from './editing.ts';
import { entryNameAt, entryNameOf } from './entry-name.ts';
import { requireSeen, type Live, type Publishing } from './publishing.ts';
import { Refusal, refusedFor } from './refusal.ts';
import type { Repository } from './repository.ts';
import type { Editor } from './sessions.ts';

/** What the actions of the protocol work on. */
export interface ProtocolRooms {
  repository: Repository;
  drafts: Drafts;
  editing: Editing;
  publishing: Publishing;
}

type Action = (params: unknown, editor: Editor) => Promise<unknown>;

const entry = z.object({ collection: z.string(), slug: z.string() });
const named = z.union([entry, z.object({ id: z.string() })]);
const persist = z.object({
  dataFiles: z.array(z.object({ path: z.string(), raw: z.string(), baseId: z.string().nullish() })).length(1),
  options: z.object({ commitMessage: z.string().default('保存') }),
});

/** One action: its parameters are checked before it runs. */
function action<Params>(schema: z.ZodType<Params>, run: (params: Params, editor: Editor) => Promise<unknown>): Action {
  return async (params, editor) => {
    const parsed = schema.safeParse(params);
    if (!parsed.success) throw new Refusal(422, '编辑台收到的请求不完整，没有处理。请刷新页面再试。');
    return run(parsed.data, editor);
  };
}

/** An entry as Decap names it: `collection/slug`, or both apart. */
function nameOf(asked: z.output<typeof named>) {
  if ('collection' in asked) return entryNameOf(asked.collection, asked.slug);
  const border = asked.id.indexOf('/');
  return entryNameOf(asked.id.slice(0, Math.max(0, border)), asked.id.slice(border + 1));
}

/**
 * The actions of Decap's proxy protocol (decap-cms-backend-proxy) on a bare repository, and `withdrawEntry`, which is
 * our own. Photos are no part of it: they are uploaded when they are picked.
 */
export function protocolActions({
  repository,
  drafts,
  editing,
  publishing,
}: ProtocolRooms): ReadonlyMap<string, Action> {
  /** A published file as Decap reads it; `data` null: it is not there. */
  async function published(path: string) {
    const { file } = entryNameAt(path);
    const blob = await repository.blobAt(await repository.head(), file);
    const data = blob === undefined ? null : (await repository.bytes(blob)).toString();
    return { data, file: { path: file, id: blob ?? null } };
  }

  /** Published entries are taken off main, one after another. */
  async function removed(paths: readonly string[], editor: Editor): Promise<Live[]> {
    const names = paths.map(entryNameAt);
    const done: Live[] = [];
    for (const name of names) done.push(await publishing.remove(name, editor));
    return done;
  }

  const actions: Record<string, Action> = {
    info: async () => ({ repo: 'content', publish_modes: ['editorial_workflow'], type: 'desk' }),

    entriesByFolder: action(z.object({ folder: z.string(), extension: z.string() }), async ({ folder, extension }) => {
      if (!/^[a-z]+$/u.test(folder)) throw new Refusal(422, `没有“${folder.slice(0, 40)}”这个栏目。`);
      const files = await repository.files(await repository.head(), folder);
      const entries = files.filter(({ path }) => path.endsWith(`.${extension}`) && entryAt(path) !== undefined);
      return Promise.all(
        entries.map(async ({ path, blob }) => ({
          data: (await repository.bytes(blob)).toString(),
          file: { path, id: blob },
        })),
      );
    }),

    entriesByFiles: action(z.object({ files: z.array(z.object({ path: z.string() })) }), async ({ files }) =>
      Promise.all(files.map(async ({ path }) => published(path))),
    ),

    getEntry: action(z.object({ path: z.string() }), async ({ path }) => published(path)),

    unpublishedEntries: async () => (await drafts.all()).map(({ collection, slug }) => `${collection}/${slug}`),

    unpublishedEntry: action(named, async (asked) => {
      const { name, tree, state, author, updatedAt, commit } = await drafts.require(nameOf(asked));
      const id = await repository.blobAt(commit, name.file);
      const before = await repository.blobAt(await repository.head(), name.file);
      const diffs = [{ id: id ?? null, path: name.file, newFile: before === undefined }];
      const { collection, slug } = name;
      return { collection, slug, status: state, diffs, updatedAt, pullRequestAuthor: author, tree };
    }),

    unpublishedEntryDataFile: action(entry.extend({ path: z.string() }), async ({ collection, slug, path }) => {
      const { name, commit } = await drafts.require(entryNameOf(collection, slug));
      if (entryNameAt(path).file !== name.file) throw new Refusal(422, '这个文件不属于这篇稿件。');
      const blob = await repository.blobAt(commit, name.file);
      if (blob === undefined) throw new Refusal(404, '草稿里没有这一篇的文字。');
      return { data: (await repository.bytes(blob)).toString(), id: blob };
    }),

    persistEntry: action(persist, async ({ dataFiles, options }, editor) => {
      // The schema lets exactly one through: entries here are one file each.
      const [file] = dataFiles;
      if (!file) throw new Refusal(422, '没有要保存的内容。');
      const { path, raw, baseId } = file;
      const { blob, tree } = await editing.save(
        { file: path, raw, baseId: baseId ?? null, subject: options.commitMessage },
        editor,
      );
      return { message: '已保存', ids: { [path]: blob }, tree };
    }),

    updateUnpublishedEntryStatus: action(
      entry.extend({ newStatus: draftState, seen: z.string().optional() }),
      async ({ collection, slug, newStatus, seen }, editor) => {
        const draft = await drafts.require(entryNameOf(collection, slug));
        requireSeen(draft, seen);
        const verdict = newStatus === 'draft' ? undefined : await publishing.verdictOn(draft, editor);
        if (verdict && verdict.faults.length > 0) throw refusedFor(verdict.faults);
        await drafts.move(draft, newStatus, editor);
        return { message: '状态已更改', remarks: verdict?.remarks ?? [] };
      },
    ),

    publishUnpublishedEntry: action(
      entry.extend({ seen: z.string().optional() }),
      async ({ collection, slug, seen }, editor) => {
        const live = await publishing.publish(entryNameOf(collection, slug), seen, editor);
        return { message: '已发布', live };
      },
    ),

    withdrawEntry: action(entry.extend({ reason: z.string().trim().min(1).max(120) }), async (asked, editor) => {
      const live = await publishing.withdraw(entryNameOf(asked.collection, asked.slug), asked.reason, editor);
      return { message: '已撤稿', live };
    }),

    deleteUnpublishedEntry: action(entry, async ({ collection, slug }) => {
      await drafts.remove(await drafts.require(entryNameOf(collection, slug)));
      return { message: '草稿已删除' };
    }),

    deleteFiles: action(z.object({ paths: z.array(z.string()).min(1) }), async ({ paths }, editor) => {
      const [live] = await removed(paths, editor);
      return { message: '已删除', live };
    }),

    deleteFile: action(z.object({ path: z.string() }), async ({ path }, editor) => {
      const [live] = await removed([path], editor);
      return { message: '已删除', live };
    }),

    getMedia: async () => [],
    getDeployPreview: async () => null,
    getNotes: async () => ({ notes: [] }),
  };
  return new Map(Object.entries(actions));
}
