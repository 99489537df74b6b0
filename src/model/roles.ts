// Runs in browser and Node: pure.
import { z } from 'zod';
import { collectionNames, type CollectionName } from './fields/collection-names.ts';

/** What somebody may do at the desk. Each role includes those before it. */
export const role = z.enum(['author', 'reviewer', 'administrator']);
export type Role = z.infer<typeof role>;

/** Names of the roles. */
export const roleWords: Readonly<Record<Role, string>> = {
  author: '作者',
  reviewer: '审核',
  administrator: '管理员',
};

/** The role and unit of an editor. */
export interface EditorPosition {
  role: Role;
  /** Code of the editor's unit. Authors always have one. */
  unit?: string | undefined;
}

/**
 * The lowest role that may write entries of a collection. Authors write for their own unit only, other roles for all.
 */
const WRITERS: Readonly<Record<CollectionName, Role>> = {
  stories: 'author',
  examples: 'author',
  summaries: 'author',
  wishes: 'author',
  notices: 'reviewer',
  activities: 'reviewer',
  units: 'administrator',
  site: 'administrator',
};

/** Whether an editor has a role, or one that includes it. */
export function hasRole({ role: own }: Pick<EditorPosition, 'role'>, wanted: Role): boolean {
  return role.options.indexOf(own) >= role.options.indexOf(wanted);
}

/** Whether an editor may write any entries of a collection. */
export function mayWriteIn(position: EditorPosition, collection: CollectionName): boolean {
  return hasRole(position, WRITERS[collection]);
}

/** Returns the collections in which an editor may write. */
export function writableBy(position: EditorPosition): CollectionName[] {
  return collectionNames.filter((name) => mayWriteIn(position, name));
}

/** Whether an editor may read and write the entries of a unit that are not public. */
export function mayWriteFor(position: EditorPosition, unit: string | undefined): boolean {
  return hasRole(position, 'reviewer') || (unit !== undefined && unit === position.unit);
}

/**
 * Whether entries of a collection must be approved by somebody other than their writer. Collections that only
 * administrators write, such as settings, need no second person.
 */
export function wantsSecondPerson(collection: CollectionName): boolean {
  return WRITERS[collection] !== 'administrator';
}
