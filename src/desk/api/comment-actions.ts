import { z } from 'zod';
import type { Drafts } from '../drafts/drafts.ts';
import { entryRefOf, type EntryRef } from '../domain/entry-ref.ts';
import type { EntryComment, Comments } from '../drafts/comments.ts';
import type { AuditLog } from '../accounts/audit-log.ts';
import type { Editor } from '../domain/editor.ts';
import type { Permissions } from '../authorisation/permissions.ts';
import { action, type Action } from './action-registry.ts';
import { Refusal } from '../domain/refusal.ts';
import type { Repository } from '../storage/repository.ts';

/** The dependencies of the actions on comments. Decap's protocol calls a comment a note. */
export interface CommentDeps {
  comments: Comments;
  drafts: Drafts;
  repository: Repository;
  audit: AuditLog;
  permissions: Permissions;
}

const entry = z.object({ collection: z.string(), slug: z.string() });
const single = entry.extend({ noteId: z.string() });
const adding = entry.extend({ note: z.object({ content: z.string() }) });
const updating = single.extend({
  updates: z
    .object({ content: z.string().optional(), resolved: z.boolean().optional() })
    .refine(({ content, resolved }) => content !== undefined || resolved !== undefined),
});

/** Returns a comment in Decap's form (decap-cms-lib-util, `Note`), with some fields that only this desk has. */
function noteOf({ id, login, name, at, text, kind, resolved }: EntryComment, editor: Editor) {
  return { id, author: name, login, timestamp: at, content: text, kind, resolved, isOwn: login === editor.login };
}

function entryIn({ collection, slug }: z.output<typeof entry>): EntryRef {
  return entryRefOf(collection, slug);
}

/** Access rule: people with access to the entry. */
const ofEntry = { who: 'signed-in', entries: (asked: z.output<typeof entry>) => [entryIn(asked)] } as const;
/**
 * Access rule: people with access to the entry. If a request changes the text of a comment or deletes the comment,
 * `Comments` also checks that the person has written the comment.
 */
const writersOfEntry = { ...ofEntry, deferred: ['own comment'] } as const;

/**
 * Returns the actions of Decap's proxy protocol on comments, by name. The author of a new comment is the person who is
 * signed in; an author that the request names is ignored.
 */
export function commentActions({
  comments,
  drafts,
  repository,
  audit,
  permissions,
}: CommentDeps): Record<string, Action> {
  /**
   * Resolves to the comments on an entry that a person may read. If the entry was deleted and created again for another
   * unit, the new unit's authors do not see the older comments (`Permissions.since`).
   */
  const readable = async (name: EntryRef, editor: Editor): Promise<EntryComment[]> => {
    const since = await permissions.since(editor, name);
    return comments.of(name).filter(({ at }) => since === undefined || at >= since);
  };
  /**
   * Resolves to the comment with this id.
   * @throws Refusal 404 if the entry has no such comment, or the person may not read it.
   */
  const requireReadable = async (name: EntryRef, id: string, editor: Editor): Promise<EntryComment> => {
    const comment = (await readable(name, editor)).find((one) => one.id === id);
    if (!comment) throw new Refusal(404, '这一篇没有这条批注：可能刚刚被删除了。请刷新页面再看。');
    return comment;
  };

  /**
   * Checks that an entry exists.
   * @throws Refusal 404 if the entry has neither a draft nor a published version.
   */
  async function requireThere(name: EntryRef): Promise<void> {
    if (await drafts.find(name)) return;
    if ((await repository.blobAt(await repository.head(), name.file)) !== undefined) return;
    throw new Refusal(404, '这一篇还没有保存过，或者已被删除，不能写批注。请先保存稿件。');
  }

  return {
    getNotes: action({
      params: entry,
      access: ofEntry,
      run: async (asked, { editor }) => ({
        notes: (await readable(entryIn(asked), editor)).map((comment) => noteOf(comment, editor)),
      }),
    }),

    addNote: action({
      params: adding,
      access: ofEntry,
      async run({ note: { content }, ...asked }, { editor }) {
        const name = entryIn(asked);
        await requireThere(name);
        const comment = comments.add(name, content, editor);
        audit.record(editor, '写批注', name.file);
        return { note: noteOf(comment, editor) };
      },
    }),

    updateNote: action({
      params: updating,
      access: writersOfEntry,
      async run({ noteId, updates: { content, resolved }, ...asked }, { editor }) {
        const name = entryIn(asked);
        await requireReadable(name, noteId, editor);
        const changed = content === undefined ? undefined : comments.change(name, noteId, content, editor);
        if (changed) audit.record(editor, '修改批注', name.file);
        const comment = resolved === undefined ? changed : comments.resolve(name, noteId, resolved);
        return { note: comment && noteOf(comment, editor) };
      },
    }),

    deleteNote: action({
      params: single,
      access: writersOfEntry,
      async run({ noteId, ...asked }, { editor }) {
        const name = entryIn(asked);
        await requireReadable(name, noteId, editor);
        comments.remove(name, noteId, editor);
        audit.record(editor, '删除批注', name.file);
        return { message: '批注已删除' };
      },
    }),

    toggleNoteResolution: action({
      params: single,
      access: ofEntry,
      async run({ noteId, ...asked }, { editor }) {
        const name = entryIn(asked);
        const before = await requireReadable(name, noteId, editor);
        return { note: noteOf(comments.resolve(name, noteId, !before.resolved), editor) };
      },
    }),
  };
}
