import { role, type Role } from '../../model/roles.ts';
import type { CollectionName } from '../../model/fields/collection-names.ts';
import type { Editor } from '../domain/editor.ts';
import type { EntryRef } from '../domain/entry-ref.ts';
import type { Permissions } from './permissions.ts';
import { signedOut } from './session-guards.ts';

/** Who may do something: anyone, anyone with a session, or people who have a role or a higher role. */
type Who = 'anyone' | 'signed-in' | Role;

const WHO: ReadonlySet<unknown> = new Set<Who>(['anyone', 'signed-in', ...role.options]);

/**
 * A check that the handler of a request makes, because only the handler has the data to check:
 * - `unit of the text`: an author saves only texts that name the author's unit (`Permissions.requireSaving`);
 * - `photo waiver`: only a reviewer waives an error of a photo (`applyWaivers`);
 * - `own comment`: only the writer of a comment changes or deletes it (`Comments`);
 * - `own unsaved copy`: unsaved work is visible only to the person who wrote it (`UnsavedCopies`);
 * - `own upload`: a photo that no entry contains yet is visible only to its sender, the sender's unit and reviewers
 *   (`Uploads`);
 * - `own conflict`: a refused text of an entry that no longer exists is visible only to its writer and reviewers
 *   (history-routes.ts).
 */
type DeferredCheck =
  'unit of the text' | 'photo waiver' | 'own comment' | 'own unsaved copy' | 'own upload' | 'own conflict';

/**
 * A check in an access rule that depends on more than the person's role and the entries, for example on the state of a
 * draft.
 */
export interface Condition<Request, Subject> {
  /** The condition as a sentence. */
  readonly says: string;
  /**
   * Loads the object that the condition is about, checks the object, and resolves to it. The handler changes this
   * object and does not load it again, so that it changes exactly what was checked.
   * @throws Refusal 403 if the condition does not hold, 404 if there is nothing to check.
   */
  readonly check: (editor: Editor, request: Request) => Promise<Subject>;
}

/** The declaration of who may make a request. `Subject` is the type of the object that the condition checks. */
export interface AccessRule<Request, Subject = undefined> {
  readonly who: Who;
  /**
   * Returns the collection whose entries the request lists: the person must be allowed to write in it.
   * @throws Refusal 422 if there is no such collection.
   */
  readonly collection?: (request: Request) => CollectionName;
  /**
   * Returns the entries that the request reads or changes: the person must have access to each of them.
   * @throws Refusal 422 if no entry can have a name that the request contains.
   */
  readonly entries?: (request: Request) => readonly EntryRef[];
  readonly condition?: Condition<Request, Subject>;
  /** The checks that the handler makes itself. */
  readonly deferred?: readonly DeferredCheck[];
}

/**
 * Checks that something has an access rule. Called for every route and action when the desk starts, because the type
 * checker does not see all of them.
 * @param what the name of the route or action in the error.
 * @throws Error if there is no rule.
 */
export function requireDeclared(rule: Pick<AccessRule<never>, 'who'> | undefined, what: string): void {
  if (!WHO.has(rule?.who)) throw new Error(`${what} does not declare who may do it.`);
}

/**
 * Checks whether a person may make a request. Nothing else decides this, except the checks that a rule defers to the
 * handler.
 * @returns the value that the rule's condition resolves to; undefined if the rule has no condition.
 * @throws Refusal 401 if nobody is signed in, 403 if the person may not make the request. Errors that the functions of
 * the rule throw are passed on.
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
