import { hasRole } from '../../model/roles.ts';
import type { Fault } from '../../model/fault.ts';
import type { Draft, Drafts, DraftState } from '../drafts/drafts.ts';
import type { Comments } from '../drafts/comments.ts';
import type { Editor } from '../domain/editor.ts';
import { requireSeen, requireShown, type PublishQueue, type StillAllowed } from './publish-queue.ts';
import { Refusal, refusedFor } from '../domain/refusal.ts';

/** Greatest length of a reason, in characters: it is one line of a commit message. */
const MOST_REASON = 200;

/** A review decision: the new state of a draft. */
export interface Decision {
  state: DraftState;
  /** Id of the git tree that the person looked at. */
  seen?: string | undefined;
  /** The reason why a draft is returned to its author. */
  reason?: string | undefined;
}

/**
 * Moves drafts between states: sends them to review, approves them, takes them back and returns them to their authors.
 * The caller must have checked that the person may make the decision on the same draft (`Permissions.requireDecision`).
 */
export class Review {
  readonly #drafts: Drafts;
  readonly #publishing: PublishQueue;
  readonly #comments: Comments;

  constructor(drafts: Drafts, publishing: PublishQueue, comments: Comments) {
    this.#drafts = drafts;
    this.#publishing = publishing;
    this.#comments = comments;
  }

  /**
   * Carries out a decision. Resolves to the action's name for the audit log, and to the remarks of the rules.
   * Permission is checked again at the end, because checking the content of the draft takes a while.
   * @throws Refusal 409 if the draft has changed since the person looked at it, or is in another state; 422 if the
   * draft has faults, or if a reason is missing or too long; 401 or 403 if the person may no longer make the decision.
   */
  async decide(
    draft: Draft,
    decision: Decision,
    editor: Editor,
    stillAllowed: StillAllowed,
  ): Promise<{ action: string; remarks: readonly Fault[] }> {
    const { state, seen } = decision;
    if (state === 'draft') return { action: await this.#back(draft, decision, editor), remarks: [] };
    if (state === 'pending_publish') requireReviewed(draft, seen);
    else requireSeen(draft, seen);
    const { faults, remarks } = await this.#publishing.verdictOn(draft, editor);
    if (faults.length > 0) throw refusedFor(faults);
    await stillAllowed();
    await this.#drafts.move(draft, state, editor);
    return { action: state === 'pending_review' ? '送审' : '审核通过', remarks };
  }

  /**
   * Moves a draft back to the state “draft” and resolves to the action's name. There are two actions. If a reviewer
   * moves a draft that other people wrote, the draft is returned to its author, and the reviewer must give a reason.
   * Otherwise the draft is taken back, without a reason.
   */
  async #back(draft: Draft, { seen, reason }: Decision, editor: Editor): Promise<string> {
    requireSeen(draft, seen);
    const own = draft.writers.every((login) => login === editor.login);
    if (draft.state === 'draft') return '取回';
    if (hasRole(editor, 'reviewer') && !own) {
      const given = reason?.trim() ?? '';
      if (given.length > MOST_REASON)
        throw new Refusal(422, `退回的理由最多 ${MOST_REASON} 字，没有退回。请写得短一些。`);
      if (given === '') throw new Refusal(422, '退回要写明理由，作者才知道改哪里。');
      await this.#drafts.move(draft, 'draft', editor, given);
      this.#comments.addReturn(draft.name, given, editor);
      return '退回';
    }
    await this.#drafts.move(draft, 'draft', editor);
    return '取回';
  }
}

/**
 * Checks that a draft was sent to review, and that its git tree is still `seen`, the tree that the person looked at.
 * @throws Refusal 409 if one of these is not true, 422 if `seen` is undefined.
 */
function requireReviewed(draft: Draft, seen: string | undefined): void {
  if (draft.state === 'draft') {
    throw new Refusal(409, '这一篇现在是“草稿”：作者送审以后才能通过。作者可能刚刚又改过，请刷新页面。');
  }
  requireShown(draft, seen);
}
