import { role, type Role } from '../../model/roles.ts';
import type { CollectionName } from '../../model/fields/collection-names.ts';
import type { Editor } from '../domain/editor.ts';
import type { EntryRef } from '../domain/entry-ref.ts';
import type { Permissions } from './permissions.ts';
import { signedOut } from './session-guards.ts';

/** Who may do something: anyone, anyone with a session, or people with a role or a higher one. */
export type Who = 'anyone' | 'signed-in' | Role;

const WHO: ReadonlySet<unknown> = new Set<Who>(['anyone', 'signed-in', ...role.options]);

/**
 * A check that only the handler can make, because only the handler has what the check is about:
 * - `unit of the text`: an author saves texts of the own unit only (`Permissions.requireSaving`);
 * - `photo waiver`: only a reviewer waives an error of a photo (`applyWaivers`);
 * - `own comment`: a comment is changed or deleted by its writer only (`Comments`);
 * - `own upload`: a photo that is in no entry yet is seen by its sender, the sender's unit and reviewers (`Uploads`);
 * - `own conflict`: a refused text of an entry that is gone is seen by its writer and reviewers (history-routes.ts).
 */
export type DeferredCheck = 'unit of the text' | 'photo waiver' | 'own comment' | 'own upload' | 'own conflict';

/** A check of what a request is about, where role and entries do not say enough. */
export interface Condition<Request, Subject> {
  /** The condition in words. */
  readonly says: string;
  /**
   * Loads what the condition is about, checks it, and returns it: the handler changes what was checked, not what was
   * loaded again. @throws Refusal 403 if the condition does not hold, 404 if there is nothing to check.
   */
  readonly check: (editor: Editor, request: Request) => Promise<Subject>;
}

/** The declaration of who may do something. `Subject`: what the condition returns. */
export interface AccessRule<Request, Subject = undefined> {
  readonly who: Who;
  /** The collection that the request lists: the person must be able to write in it. @throws Refusal 422 if unknown. */
  readonly collection?: (request: Request) => CollectionName;
  /** The entries that the request reads or changes: the person must have access to each. @throws Refusal 422 if none. */
  readonly entries?: (request: Request) => readonly EntryRef[];
  readonly condition?: Condition<Request, Subject>;
  /** Checks that the handler makes. */
  readonly deferred?: readonly DeferredCheck[];
}

/**
 * Checks when the desk starts that something has an access rule, also where the type checker does not see it.
 * @throws Error that names `what`.
 */
export function requireDeclared(rule: Pick<AccessRule<never>, 'who'> | undefined, what: string): void {
  if (!WHO.has(rule?.who)) throw new Error(`${what} does not declare who may do it.`);
}

/**
 * Decides whether a person may make a request. Nothing else decides this, apart from the checks that a rule defers.
 * @returns what the rule's condition returns.
 * @throws Refusal 401 without a session, 403 if the person may not.
 */
export async function authorise<Request, Subject>(
  permissions: Permissions,
  { who, collection, entries, condition }: AccessRule<Request, Subject>,
  editor: Editor | undefined,
  request: Request,
): Promise<Subject | undefined> {
  if (who === 'anyone') return undefined;
  if (!editor) throw signedOut();
  if (who !== 'signed-in') permissions.requireRole(editor, who);
  if (collection) permissions.requireCollection(editor, collection(request));
  for (const entry of entries?.(request) ?? []) await permissions.requireAccess(editor, entry);
  return condition?.check(editor, request);
}
