import { z } from 'zod';
import type { Drafts } from '../drafts/drafts.ts';
import { entryRefOf, type EntryRef } from '../domain/entry-ref.ts';
import type { EntryComment, Comments } from '../drafts/comments.ts';
import type { AuditLog } from '../accounts/audit-log.ts';
import type { Editor } from '../domain/editor.ts';
import type { Permissions } from '../authorisation/permissions.ts';
import { action, type Action } from './action.ts';
import { Refusal } from '../domain/refusal.ts';
import type { Repository } from '../storage/repository.ts';

/** What the actions on notes work on. */
export interface CommentDeps {
  notes: Comments;
  drafts: Drafts;
  repository: Repository;
  audit: AuditLog;
  policy: Permissions;
}

const entry = z.object({ collection: z.string(), slug: z.string() });
const single = entry.extend({ noteId: z.string() });
const adding = entry.extend({ note: z.object({ content: z.string() }) });
const updating = single.extend({
  updates: z
    .object({ content: z.string().optional(), resolved: z.boolean().optional() })
    .refine(({ content, resolved }) => content !== undefined || resolved !== undefined),
});

/** A note in Decap's words (decap-cms-lib-util, `Note`), and what this desk adds to it. */
function shown({ id, login, name, at, text, kind, resolved }: EntryComment, editor: Editor) {
  return { id, author: name, login, timestamp: at, content: text, kind, resolved, isOwn: login === editor.login };
}

/** The actions of Decap's proxy protocol on notes. Whatever a client says of a note's author is not listened to. */
export function commentActions({ notes, drafts, repository, audit, policy }: CommentDeps): Record<string, Action> {
  const nameOf = ({ collection, slug }: z.output<typeof entry>): EntryRef => entryRefOf(collection, slug);
  const whoSeesEntry = async (editor: Editor, asked: z.output<typeof entry>): Promise<void> =>
    policy.requireAccess(editor, nameOf(asked));
  /** The notes on an entry that somebody may read: those of an older entry of the same id are not its authors'. */
  const readable = async (name: EntryRef, editor: Editor): Promise<EntryComment[]> => {
    const since = await policy.since(editor, name);
    return notes.of(name).filter(({ at }) => since === undefined || at >= since);
  };
  /** The note of an id. Throws a Refusal (404) where there is none that somebody may read. */
  const requireReadable = async (name: EntryRef, id: string, editor: Editor): Promise<EntryComment> => {
    const note = (await readable(name, editor)).find((one) => one.id === id);
    if (!note) throw new Refusal(404, '这一篇没有这条批注：可能刚刚被删除了。请刷新页面再看。');
    return note;
  };

  /** Throws a Refusal (404) where there is no entry to speak of. */
  async function requireThere(name: EntryRef): Promise<void> {
    if (await drafts.find(name)) return;
    if ((await repository.blobAt(await repository.head(), name.file)) !== undefined) return;
    throw new Refusal(404, '这一篇还没有保存过，或者已被删除，不能写批注。请先保存稿件。');
  }

  return {
    getNotes: action(entry, whoSeesEntry, async (asked, editor) => ({
      notes: (await readable(nameOf(asked), editor)).map((note) => shown(note, editor)),
    })),

    addNote: action(adding, whoSeesEntry, async ({ note: { content }, ...asked }, editor) => {
      const name = nameOf(asked);
      await requireThere(name);
      const note = notes.add(name, content, editor);
      audit.note(editor, '写批注', name.file);
      return { note: shown(note, editor) };
    }),

    updateNote: action(updating, whoSeesEntry, async ({ noteId, updates: { content, resolved }, ...asked }, editor) => {
      const name = nameOf(asked);
      await requireReadable(name, noteId, editor);
      const changed = content === undefined ? undefined : notes.change(name, noteId, content, editor);
      if (changed) audit.note(editor, '修改批注', name.file);
      const note = resolved === undefined ? changed : notes.resolve(name, noteId, resolved);
      return { note: note && shown(note, editor) };
    }),

    deleteNote: action(single, whoSeesEntry, async ({ noteId, ...asked }, editor) => {
      const name = nameOf(asked);
      await requireReadable(name, noteId, editor);
      notes.remove(name, noteId, editor);
      audit.note(editor, '删除批注', name.file);
      return { message: '批注已删除' };
    }),

    toggleNoteResolution: action(single, whoSeesEntry, async ({ noteId, ...asked }, editor) => {
      const name = nameOf(asked);
      const before = await requireReadable(name, noteId, editor);
      return { note: shown(notes.resolve(name, noteId, !before.resolved), editor) };
    }),
  };
}
