import { hasRole } from '../../model/roles.ts';
import { DeskError } from './desk-client.ts';
import { currentEditor } from './current-editor.ts';

/** The properties of a draft that decide whether a reason is needed to send it back. */
export interface ReturnableDraft {
  status: string;
  /**
   * Whether this editor alone wrote the draft: sending it back then only withdraws the editor's own submission, and no
   * reason is needed.
   */
  own: boolean;
}

/**
 * Asks a reviewer in a prompt why a draft is sent back to its author.
 * @returns the reason; undefined if none is needed, because the draft is unknown, already a draft or the editor's own,
 * or the editor is no reviewer.
 * @throws DeskError if the reviewer gave no reason.
 */
export function reasonToReturn(draft: ReturnableDraft | undefined): string | undefined {
  if (!draft || draft.status === 'draft' || draft.own || !hasRole(currentEditor(), 'reviewer')) return undefined;
  const reason = window.prompt('为什么退回？作者会看到您写的理由。')?.trim() ?? '';
  if (reason === '') throw new DeskError('没有退回：退回要写明理由，作者才知道改哪里。', 0);
  return reason;
}
