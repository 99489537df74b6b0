import type { Role } from '../../model/roles.ts';

/**
 * The role that an action or a page asks for. Actions that are not listed ask for a session and for access to the
 * entry; a higher role includes the lower ones.
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
