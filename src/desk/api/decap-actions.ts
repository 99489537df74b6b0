import { z } from 'zod';
import { draftState, type Draft, type Drafts } from '../drafts/drafts.ts';
import type { DraftSaves, ParsedSave } from '../editing/save-draft.ts';
import { entryRefAt, entryRefOf, type EntryRef } from '../domain/entry-ref.ts';
import { commentActions } from './comment-actions.ts';
import { copyIds, unsavedActions } from './unsaved-actions.ts';
import type { Comments } from '../drafts/comments.ts';
import type { AuditLog } from '../accounts/audit-log.ts';
import type { AccessRule, Condition } from '../authorisation/access-rule.ts';
import type { Editor } from '../domain/editor.ts';
import type { Erasure } from '../erasure/erasure.ts';
import type { Permissions } from '../authorisation/permissions.ts';
import { whoMay } from '../authorisation/who-may.ts';
import { action, actionRegistry, type Action, type ActionCall } from './action-registry.ts';
import type { PublishQueue } from '../publishing/publish-queue.ts';
import { Refusal } from '../domain/refusal.ts';
import type { Repository } from '../storage/repository.ts';
import type { Review } from '../publishing/review.ts';
import type { TextThreads } from '../texts/text-threads.ts';
import type { UnsavedCopies } from '../unsaved/unsaved-copies.ts';

/** The dependencies of the actions. */
export interface DecapDeps {
  repository: Repository;
  drafts: Drafts;
  editing: DraftSaves;
  publishing: PublishQueue;
  review: Review;
  comments: Comments;
  permissions: Permissions;
  audit: AuditLog;
  texts: TextThreads;
  erasure: Erasure;
  unsaved: UnsavedCopies;
  onTrouble(error: unknown): void;
}

/** Most files that one request may delete. */
const MOST_FILES = 200;
const entry = z.object({ collection: z.string(), slug: z.string() });
const named = z.union([entry, z.object({ id: z.string() })]);
const persist = z.object({
  // Exactly one file, because every entry has one text file.
  dataFiles: z.tuple([
    z.object({ path: z.string().transform(entryRefAt), raw: z.string(), baseId: z.string().nullish() }),
  ]),
  options: z.object({ commitMessage: z.string().default('保存') }),
  // Copies of unsaved work: those that the text replaces, and those that were offered and neither taken nor discarded.
  // A save must not fail because of them.
  copies: z.object({ done: copyIds, undecided: copyIds }).catch({ done: [], undecided: [] }),
});
/** The reason of a withdrawal, as long as the model allows. */
const whyWithdrawn = z.string().trim().min(1).max(120);
const decision = entry.extend({ newStatus: draftState, seen: z.string().optional(), reason: z.string().optional() });

/**
 * Returns the entry that a request names, either by `collection` and `slug` or by an `id` of the form
 * `collection/slug`.
 * @throws Refusal 422 if no entry can have this name.
 */
function entryIn(asked: z.output<typeof named>): EntryRef {
  if ('collection' in asked) return entryRefOf(asked.collection, asked.slug);
  const border = asked.id.indexOf('/');
  return entryRefOf(asked.id.slice(0, Math.max(0, border)), asked.id.slice(border + 1));
}

/** Access rule: anyone with a session. */
const signedIn: AccessRule<unknown> = { who: 'signed-in' };
/** Access rule: people with access to the entry. */
const ofEntry = { who: 'signed-in', entries: (asked: z.output<typeof named>) => [entryIn(asked)] } as const;

/**
 * Returns actions on a bare repository, by name: the actions of Decap's proxy protocol (decap-cms-backend-proxy), and
 * `withdrawEntry`, `withdrawPhoto` and the actions on unsaved work, which only this desk has. Photos are not part of
 * this protocol: the editor uploads a photo as soon as it is picked. Every change of an entry is recorded in the audit
 * log, with one exception: that a comment is marked as resolved or open is not recorded.
 */
export function decapActions(deps: DecapDeps): ReadonlyMap<string, Action> {
  const { repository, drafts, editing, publishing, review, permissions, audit, texts, unsaved } = deps;

  /**
   * Returns a condition on the draft of an entry. The action changes exactly the draft that the condition has checked.
   * @param says the condition in words.
   * @param require throws a Refusal if the condition does not hold.
   */
  const onDraft = <Params extends z.output<typeof entry>>(
    says: string,
    require: (editor: Editor, draft: Draft, params: Params) => Promise<void> | void,
  ): Condition<Params, Draft> => ({
    says,
    async check(editor, params) {
      const draft = await drafts.require(entryIn(params));
      await require(editor, draft, params);
      return draft;
    },
  });

  /** The condition of a save. The action saves exactly the parsed text that the condition has checked. */
  const onSentText: Condition<z.output<typeof persist>, ParsedSave> = {
    says: 'An author saves texts that name the own unit.',
    async check(editor, { dataFiles: [{ path: ref, raw }] }) {
      const parsed = await editing.parse({ ref, raw }, editor);
      await permissions.requireSaving(editor, ref, parsed.document.unit);
      return parsed;
    },
  };

  /**
   * Resolves to a published file in Decap's form: `data` is the text, `file.id` the id of the blob. Both are null if
   * the file does not exist.
   */
  async function published(path: string) {
    const { file } = entryRefAt(path);
    const blob = await repository.blobAt(await repository.head(), file);
    const data = blob === undefined ? null : (await repository.bytes(blob)).toString();
    return { data, file: { path: file, id: blob ?? null } };
  }

  /**
   * Deletes published entries one after another, and resolves when the site shows none of them. `live` in the result is
   * the publication result of the first entry.
   */
  async function remove(paths: readonly string[], { editor, stillAllowed }: ActionCall<undefined>) {
    const lives = [];
    for (const name of paths.map(entryRefAt)) {
      lives.push(await publishing.remove(name, editor, stillAllowed));
      audit.record(editor, '删除已发布的内容', name.file);
      forgetCopies(() => unsaved.removeEntry(name.file));
    }
    return { message: '已删除', live: lives[0] };
  }

  /**
   * Runs a deletion of unsaved copies after the change that makes them needless. Reports an error instead of throwing it:
   * the change is made, and a copy that stays is only offered once too often.
   */
  function forgetCopies(forget: () => void): void {
    try {
      forget();
    } catch (error) {
      deps.onTrouble(error);
    }
  }

  /** Notes withdrawn photos for the erasure of their originals. What is not noted now, the next sweep notes. */
  async function noteWithdrawnPhotos(
    { file: noted }: EntryRef,
    srcs: readonly string[],
    reason: string,
    editor: Editor,
  ): Promise<void> {
    const photos = srcs.map((src) => ({ entry: noted, src, reason }));
    await deps.erasure.note(photos, editor).catch(deps.onTrouble);
  }

  return actionRegistry({
    info: action({
      params: z.unknown(),
      access: signedIn,
      run: async () => ({ repo: 'content', publish_modes: ['editorial_workflow'], type: 'desk' }),
    }),

    getEntry: action({
      params: z.object({ path: z.string() }),
      access: { who: 'signed-in', entries: ({ path }) => [entryRefAt(path)] },
      run: async ({ path }) => published(path),
    }),

    unpublishedEntry: action({
      params: named,
      access: ofEntry,
      async run(asked, { editor }) {
        const { name, tree, state, author, updatedAt, commit, returned, writers } = await drafts.require(
          entryIn(asked),
        );
        const id = await repository.blobAt(commit, name.file);
        const before = await repository.blobAt(await repository.head(), name.file);
        const diffs = [{ id: id ?? null, path: name.file, newFile: before === undefined }];
        const { collection, slug } = name;
        const own = writers.every((login) => login === editor.login);
        return { collection, slug, status: state, diffs, updatedAt, pullRequestAuthor: author, tree, returned, own };
      },
    }),

    unpublishedEntryDataFile: action({
      params: entry.extend({ path: z.string() }),
      access: ofEntry,
      async run({ path, ...asked }) {
        const { name, commit } = await drafts.require(entryIn(asked));
        if (entryRefAt(path).file !== name.file) throw new Refusal(422, '这个文件不属于这篇稿件。');
        const blob = await repository.blobAt(commit, name.file);
        if (blob === undefined) throw new Refusal(404, '草稿里没有这一篇的文字。');
        return { data: (await repository.bytes(blob)).toString(), id: blob };
      },
    }),

    persistEntry: action({
      params: persist,
      access: {
        who: 'signed-in',
        entries: ({ dataFiles: [{ path: ref }] }) => [ref],
        condition: onSentText,
        deferred: ['photo waiver'],
      },
      async run({ dataFiles: [{ path: ref, baseId = null }], options, copies }, { editor, subject: parsed }) {
        const { blob, tree } = await editing.save(parsed, { baseId, subject: options.commitMessage });
        forgetCopies(() => {
          unsaved.saved(editor.login, ref.file, copies.undecided);
          unsaved.drop(editor.login, copies.done);
        });
        audit.record(editor, '保存草稿', ref.file);
        return { message: '已保存', ids: { [ref.file]: blob }, tree };
      },
    }),

    updateUnpublishedEntryStatus: action({
      params: decision,
      access: {
        ...ofEntry,
        condition: onDraft(
          'A reviewer approves, not alone what he or she wrote, and moves what is approved.',
          (editor, draft, { newStatus }: z.output<typeof decision>) =>
            permissions.requireDecision(editor, draft, newStatus),
        ),
      },
      async run({ newStatus: state, seen, reason }, { editor: { login }, stillAllowed }) {
        // The rules are checked on the whole text, in one job per person at a time. The job may start minutes later, so
        // the person is authorised again when it starts.
        return texts.take(login, async () => {
          const { editor, subject: draft } = await stillAllowed();
          const { action: made, remarks } = await review.decide(draft, { state, seen, reason }, editor, stillAllowed);
          audit.record(editor, made, draft.name.file);
          return { message: '状态已更改', remarks };
        });
      },
    }),

    publishUnpublishedEntry: action({
      params: entry.extend({ seen: z.string().optional() }),
      access: { ...ofEntry, who: whoMay.publish },
      async run({ seen, ...asked }, { editor, stillAllowed }) {
        const name = entryIn(asked);
        const live = await publishing.publish(name, seen, editor, stillAllowed);
        audit.record(editor, '发布', name.file);
        return { message: '已发布', live };
      },
    }),

    withdrawEntry: action({
      params: entry.extend({ reason: whyWithdrawn, hideTitle: z.boolean().optional() }),
      access: { ...ofEntry, who: whoMay.withdraw },
      async run({ reason, hideTitle, ...asked }, { editor, stillAllowed }) {
        const name = entryIn(asked);
        const live = await publishing.withdraw(name, { reason, hideTitle }, editor, stillAllowed);
        audit.record(editor, hideTitle ? '撤稿，标题也撤下' : '撤稿', name.file);
        return { message: '已撤稿', live };
      },
    }),

    withdrawPhoto: action({
      params: entry.extend({ src: z.string().max(200), reason: whyWithdrawn, baseId: z.string().nullish() }),
      access: { ...ofEntry, who: whoMay.withdrawPhoto },
      async run({ src, reason, baseId, ...asked }, { editor, stillAllowed }) {
        const name = entryIn(asked);
        const withdrawal = { srcs: [src], reason, baseId };
        const { live, blob, withdrawn } = await publishing.withdrawPhotos(name, withdrawal, editor, stillAllowed);
        audit.record(editor, '撤下照片', name.file);
        await noteWithdrawnPhotos(name, withdrawn, reason, editor);
        return { message: '照片已撤下', live, ids: blob === undefined ? {} : { [name.file]: blob } };
      },
    }),

    deleteUnpublishedEntry: action({
      params: entry,
      access: {
        ...ofEntry,
        condition: onDraft('A reviewer deletes a draft that is approved.', (editor, draft) =>
          permissions.requireChanging(editor, draft),
        ),
      },
      async run(_, { editor, subject: draft }) {
        await drafts.remove(draft);
        audit.record(editor, '删除草稿', draft.name.file);
        const { file } = draft.name;
        const isPublished = (await repository.blobAt(await repository.head(), file)) !== undefined;
        forgetCopies(() => (isPublished ? unsaved.saved(editor.login, file) : unsaved.removeEntry(file)));
        return { message: '草稿已删除' };
      },
    }),

    deleteFiles: action({
      params: z.object({ paths: z.array(z.string()).min(1).max(MOST_FILES) }),
      access: { who: whoMay.deletePublished, entries: ({ paths }) => paths.map(entryRefAt) },
      run: async ({ paths }, call) => remove(paths, call),
    }),

    deleteFile: action({
      params: z.object({ path: z.string() }),
      access: { who: whoMay.deletePublished, entries: ({ path }) => [entryRefAt(path)] },
      run: async ({ path }, call) => remove([path], call),
    }),

    getMedia: action({ params: z.unknown(), access: signedIn, run: async () => [] }),
    getDeployPreview: action({ params: z.unknown(), access: signedIn, run: async () => null }),
    ...commentActions(deps),
    ...unsavedActions(unsaved),
  });
}
