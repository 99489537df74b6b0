// Runs in browser and Node: pure.
import { z } from 'zod';
import { collectionNames, type CollectionName } from './fields/collection-names.ts';

/** The roles at the desk, in ascending order. Each role includes the permissions of the roles before it. */
export const role = z.enum(['author', 'reviewer', 'administrator']);
export type Role = z.infer<typeof role>;

/** Chinese names of the roles. */
export const roleWords: Readonly<Record<Role, string>> = {
  author: '作者',
  reviewer: '审核',
  administrator: '管理员',
};

/** The properties of an editor that decide what the editor may do. */
export interface EditorPosition {
  role: Role;
  /** Code of the editor's unit. Authors always have a unit. */
  unit?: string | undefined;
}

/**
 * The lowest role that may write entries of each collection. Authors may write entries of their own unit only; the
 * other roles may write entries of all units.
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

/** Returns whether an editor has the role `wanted` or a higher one. */
export function hasRole({ role: own }: Pick<EditorPosition, 'role'>, wanted: Role): boolean {
  return role.options.indexOf(own) >= role.options.indexOf(wanted);
}

/** Returns whether an editor may write at least some entries of a collection. */
export function mayWriteIn(position: EditorPosition, collection: CollectionName): boolean {
  return hasRole(position, WRITERS[collection]);
}

/** Returns the names of the collections in which an editor may write. */
export function writableBy(position: EditorPosition): CollectionName[] {
  return collectionNames.filter((name) => mayWriteIn(position, name));
}

/**
 * Returns whether an editor may read and write the unpublished entries of a unit. `unit` is the unit's code; undefined
 * if the entry belongs to no unit.
 */
export function mayWriteFor(position: EditorPosition, unit: string | undefined): boolean {
  return hasRole(position, 'reviewer') || (unit !== undefined && unit === position.unit);
}

/**
 * Returns whether the entries of a collection need a second person: nobody may approve what he or she wrote.
 * (permissions.ts makes an exception if there is only one reviewer, or if the settings allow self-approval.)
 * Collections that only administrators write, such as the settings, need no second person.
 */
export function wantsSecondPerson(collection: CollectionName): boolean {
  return WRITERS[collection] !== 'administrator';
}
