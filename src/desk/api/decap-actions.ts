import { z } from 'zod';
import { entryAt } from '../../model/entry-path.ts';
import { mayWriteIn } from '../../model/roles.ts';
import { collectionNames } from '../../model/fields/names.ts';
import { draftState, type Drafts } from '../drafts/drafts.ts';
import type { DraftSaves } from '../editing/save-draft.ts';
import { entryRefAt, entryRefOf, type EntryRef } from '../domain/entry-ref.ts';
import { commentActions } from './comment-actions.ts';
import type { Comments } from '../drafts/comments.ts';
import type { AuditLog } from '../accounts/audit-log.ts';
import type { Editor } from '../domain/editor.ts';
import type { Permissions } from '../authorisation/permissions.ts';
import { action, type Action } from './action.ts';
import type { PublishQueue } from '../publishing/publish-queue.ts';
import { Refusal } from '../domain/refusal.ts';
import type { Repository } from '../storage/repository.ts';
import type { Review } from '../publishing/review.ts';
import type { TextThreads } from '../texts/text-room.ts';

/** What the actions of the protocol work on. */
export interface DecapDeps {
  repository: Repository;
  drafts: Drafts;
  editing: DraftSaves;
  publishing: PublishQueue;
  review: Review;
  notes: Comments;
  policy: Permissions;
  audit: AuditLog;
  texts: TextThreads;
}

/** Files that are asked for at once; Decap names the single files of a collection, which are few. */
const MOST_FILES = 200;
const entry = z.object({ collection: z.string(), slug: z.string() });
const named = z.union([entry, z.object({ id: z.string() })]);
const persist = z.object({
  // One file: entries here are one file each.
  dataFiles: z.tuple([
    z.object({ path: z.string().transform(entryRefAt), raw: z.string(), baseId: z.string().nullish() }),
  ]),
  options: z.object({ commitMessage: z.string().default('保存') }),
});
const decision = entry.extend({ newStatus: draftState, seen: z.string().optional(), reason: z.string().optional() });

/** An entry as Decap names it: `collection/slug`, or both apart. */
function nameOf(asked: z.output<typeof named>): EntryRef {
  if ('collection' in asked) return entryRefOf(asked.collection, asked.slug);
  const border = asked.id.indexOf('/');
  return entryRefOf(asked.id.slice(0, Math.max(0, border)), asked.id.slice(border + 1));
}

/**
 * The actions of Decap's proxy protocol (decap-cms-backend-proxy) on a bare repository, and `withdrawEntry`, which is
 * our own. Photos are no part of it: they are uploaded when they are picked. Each says who may do it; what changes
 * something is noted.
 */
export function decapActions(rooms: DecapDeps): ReadonlyMap<string, Action> {
  const { repository, drafts, editing, publishing, review, policy, audit, texts } = rooms;

  const everybody = (): void => undefined;
  const whoHasEntry = async (editor: Editor, asked: z.output<typeof named>) =>
    policy.requireAccess(editor, nameOf(asked));
  const whoHasFiles = async (editor: Editor, paths: readonly string[]): Promise<void> => {
    for (const path of paths) await policy.requireAccess(editor, entryRefAt(path));
  };
  const reviewerOfEntry = async (editor: Editor, asked: z.output<typeof entry>): Promise<void> => {
    policy.requireRole(editor, 'reviewer');
    await whoHasEntry(editor, asked);
  };
  const reviewerOfFiles = async (editor: Editor, paths: readonly string[]): Promise<void> => {
    policy.requireRole(editor, 'reviewer');
    await whoHasFiles(editor, paths);
  };

  /** A published file as Decap reads it; `data` null: it is not there. */
  async function published(path: string) {
    const { file } = entryRefAt(path);
    const blob = await repository.blobAt(await repository.head(), file);
    const data = blob === undefined ? null : (await repository.bytes(blob)).toString();
    return { data, file: { path: file, id: blob ?? null } };
  }

  /** Takes published entries off main, one after another; answers how the first went live. */
  async function removed(paths: readonly string[], editor: Editor) {
    const lives = [];
    for (const name of paths.map(entryRefAt)) {
      lives.push(await publishing.remove(name, editor));
      audit.note(editor, '删除已发布的内容', name.file);
    }
    return { message: '已删除', live: lives[0] };
  }

  const actions: Record<string, Action> = {
    info: async () => ({ repo: 'content', publish_modes: ['editorial_workflow'], type: 'desk' }),

    entriesByFolder: action(
      z.object({ folder: z.string(), extension: z.string() }),
      (editor, { folder }) => {
        const collection = collectionNames.find((name) => name === folder);
        if (collection === undefined) throw new Refusal(422, `没有“${folder.slice(0, 40)}”这个栏目。`);
        if (!mayWriteIn(editor, collection)) throw new Refusal(403, '您不处理这个栏目。');
      },
      async ({ folder, extension }, editor) => {
        const files = await repository.files(await repository.head(), folder);
        const entries = files.filter(({ path }) => path.endsWith(`.${extension}`) && entryAt(path) !== undefined);
        const answers = entries.map(async ({ path, blob }) =>
          (await policy.mayAccess(editor, entryRefAt(path)))
            ? [{ data: (await repository.bytes(blob)).toString(), file: { path, id: blob } }]
            : [],
        );
        return (await Promise.all(answers)).flat();
      },
    ),

    entriesByFiles: action(
      z.object({ files: z.array(z.object({ path: z.string() })).max(MOST_FILES) }),
      async (editor, { files }) =>
        whoHasFiles(
          editor,
          files.map(({ path }) => path),
        ),
      async ({ files }) => Promise.all(files.map(async ({ path }) => published(path))),
    ),

    getEntry: action(
      z.object({ path: z.string() }),
      async (editor, { path }) => whoHasFiles(editor, [path]),
      async ({ path }) => published(path),
    ),

    unpublishedEntries: action(z.unknown(), everybody, async (_, editor) => {
      const names = (await drafts.names()).map(async (name) =>
        (await policy.mayAccess(editor, name)) ? [`${name.collection}/${name.slug}`] : [],
      );
      return (await Promise.all(names)).flat();
    }),

    unpublishedEntry: action(named, whoHasEntry, async (asked, editor) => {
      const { name, tree, state, author, updatedAt, commit, returned, writers } = await drafts.require(nameOf(asked));
      const id = await repository.blobAt(commit, name.file);
      const before = await repository.blobAt(await repository.head(), name.file);
      const diffs = [{ id: id ?? null, path: name.file, newFile: before === undefined }];
      const { collection, slug } = name;
      const own = writers.every((login) => login === editor.login);
      return { collection, slug, status: state, diffs, updatedAt, pullRequestAuthor: author, tree, returned, own };
    }),

    unpublishedEntryDataFile: action(
      entry.extend({ path: z.string() }),
      whoHasEntry,
      async ({ collection, slug, path }) => {
        const { name, commit } = await drafts.require(entryRefOf(collection, slug));
        if (entryRefAt(path).file !== name.file) throw new Refusal(422, '这个文件不属于这篇稿件。');
        const blob = await repository.blobAt(commit, name.file);
        if (blob === undefined) throw new Refusal(404, '草稿里没有这一篇的文字。');
        return { data: (await repository.bytes(blob)).toString(), id: blob };
      },
    ),

    persistEntry: action(
      persist,
      async (editor, { dataFiles: [{ path: ref }] }) => policy.requireAccess(editor, ref),
      async ({ dataFiles: [{ path: ref, raw, baseId = null }], options }, editor) => {
        const parsed = await editing.parse({ ref, raw }, editor);
        await policy.requireSaving(editor, ref, parsed.document.unit);
        const { blob, tree } = await editing.save(parsed, { baseId, subject: options.commitMessage });
        audit.note(editor, '保存草稿', ref.file);
        return { message: '已保存', ids: { [ref.file]: blob }, tree };
      },
    ),

    updateUnpublishedEntryStatus: action(decision, whoHasEntry, async (asked, editor) => {
      const name = entryRefOf(asked.collection, asked.slug);
      const { newStatus: state, seen, reason } = asked;
      // Judging takes a whole text apart: one of a person at a time.
      const decided = async () => review.decide(name, { state, seen, reason }, editor);
      const { deed, remarks } = await texts.take(editor.login, decided);
      audit.note(editor, deed, name.file);
      return { message: '状态已更改', remarks };
    }),

    publishUnpublishedEntry: action(
      entry.extend({ seen: z.string().optional() }),
      reviewerOfEntry,
      async ({ collection, slug, seen }, editor) => {
        const name = entryRefOf(collection, slug);
        const live = await publishing.publish(name, seen, editor);
        audit.note(editor, '发布', name.file);
        return { message: '已发布', live };
      },
    ),

    withdrawEntry: action(
      entry.extend({ reason: z.string().trim().min(1).max(120) }),
      reviewerOfEntry,
      async ({ collection, slug, reason }, editor) => {
        const name = entryRefOf(collection, slug);
        const live = await publishing.withdraw(name, reason, editor);
        audit.note(editor, '撤稿', name.file);
        return { message: '已撤稿', live };
      },
    ),

    deleteUnpublishedEntry: action(entry, whoHasEntry, async ({ collection, slug }, editor) => {
      const draft = await drafts.require(entryRefOf(collection, slug));
      if (draft.state === 'pending_publish') policy.requireRole(editor, 'reviewer');
      await drafts.remove(draft);
      audit.note(editor, '删除草稿', draft.name.file);
      return { message: '草稿已删除' };
    }),

    deleteFiles: action(
      z.object({ paths: z.array(z.string()).min(1).max(MOST_FILES) }),
      async (editor, { paths }) => reviewerOfFiles(editor, paths),
      async ({ paths }, editor) => removed(paths, editor),
    ),

    deleteFile: action(
      z.object({ path: z.string() }),
      async (editor, { path }) => reviewerOfFiles(editor, [path]),
      async ({ path }, editor) => removed([path], editor),
    ),

    getMedia: async () => [],
    getDeployPreview: async () => null,
    ...commentActions(rooms),
  };
  return new Map(Object.entries(actions));
}
