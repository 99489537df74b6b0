import { hasRole } from '../../model/roles.ts';
import { DeskError } from './desk-client.ts';
import { currentEditor } from './current-editor.ts';

/** The facts about a draft that matter when it is sent back. */
export interface ReturnableDraft {
  status: string;
  /** Written by this editor alone: taken back, not returned. */
  own: boolean;
}

/**
 * Asks a reviewer why a draft goes back to its author.
 * @returns undefined if no reason is needed.
 * @throws DeskError if none was given.
 */
export function reasonToReturn(draft: ReturnableDraft | undefined): string | undefined {
  if (!draft || draft.status === 'draft' || draft.own || !hasRole(currentEditor(), 'reviewer')) return undefined;
  const reason = window.prompt('为什么退回？作者会看到您写的理由。')?.trim() ?? '';
  if (reason === '') throw new DeskError('没有退回：退回要写明理由，作者才知道改哪里。', 0);
  return reason;
}
