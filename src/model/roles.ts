// Runs in browser and Node: pure.
import { z } from 'zod';
import { collectionNames, type CollectionName } from './fields/names.ts';

/** What somebody may do at the desk; each may also do what those before may. */
export const role = z.enum(['author', 'reviewer', 'administrator']);
export type Role = z.infer<typeof role>;

/** How the roles are called. */
export const roleWords: Readonly<Record<Role, string>> = {
  author: '作者',
  reviewer: '审核',
  administrator: '管理员',
};

/** Who works at the desk, as far as rules ask. */
export interface EditorPosition {
  role: Role;
  /** The code of his or her unit; an author has one. */
  unit?: string | undefined;
}

/** Who may write the entries of a collection: authors those of their own unit, the others all. */
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

/** Has somebody a role, or one that may do more? */
export function hasRole({ role: own }: Pick<EditorPosition, 'role'>, wanted: Role): boolean {
  return role.options.indexOf(own) >= role.options.indexOf(wanted);
}

/** May somebody write entries of this collection at all? */
export function mayWriteIn(standing: EditorPosition, collection: CollectionName): boolean {
  return hasRole(standing, WRITERS[collection]);
}

/** The collections that somebody may write in. */
export function writableBy(standing: EditorPosition): CollectionName[] {
  return collectionNames.filter((name) => mayWriteIn(standing, name));
}

/** May somebody read and write the entries of a unit that are not public? */
export function mayWriteFor(standing: EditorPosition, unit: string | undefined): boolean {
  return hasRole(standing, 'reviewer') || (unit !== undefined && unit === standing.unit);
}

/** Are entries of this collection approved by somebody else than who wrote them? Settings are one office's own. */
export function wantsSecondPerson(collection: CollectionName): boolean {
  return WRITERS[collection] !== 'administrator';
}
