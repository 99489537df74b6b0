import type { Role } from '../../model/roles.ts';

/**
 * The lowest role that may run an action or open a page. An action or page that is not listed requires a session,
 * access to the entry, and what its access rule says.
 */
export const whoMay = {
  publish: 'reviewer',
  withdraw: 'reviewer',
  withdrawPhoto: 'reviewer',
  erasePhotos: 'reviewer',
  deletePublished: 'reviewer',
  listDeletedDrafts: 'reviewer',
  exportReports: 'reviewer',
  readAuditLog: 'administrator',
  clearSample: 'administrator',
  managePeople: 'administrator',
} as const satisfies Readonly<Record<string, Role>>;
