import type { Role } from '../../model/roles.ts';

/**
 * The lowest role that may run an action or open a page. For an action or page that is not in this list, a person needs
 * a session, access to the entry, and whatever the access rule of the route requires.
 */
export const whoMay = {
  publish: 'reviewer',
  withdraw: 'reviewer',
  deletePublished: 'reviewer',
  listDeletedDrafts: 'reviewer',
  exportReports: 'reviewer',
  readAuditLog: 'administrator',
  clearSample: 'administrator',
  managePeople: 'administrator',
} as const satisfies Readonly<Record<string, Role>>;
