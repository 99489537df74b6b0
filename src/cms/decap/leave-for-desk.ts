import { deletion } from '../backend/last-deletion.ts';
import { history } from '../decap.ts';
import { deskPageAfter, deskPageBefore, deskPageOf, SETTINGS } from './desk-lists.ts';

let isLeaving = false;

function leaveFor(address: string): void {
  isLeaving = true;
  location.replace(address);
}

/**
 * Leads to the desk's pages instead of Decap's lists, its search and its board, now and on every later change of the
 * route. To be called before Decap starts.
 * @returns whether the editor is being left, so that Decap need not start.
 */
export function leaveListsForDesk(): boolean {
  if (/^\/collections\/site\/?$/u.test(history.location.pathname)) history.replace(SETTINGS);
  const page = deskPageOf(history.location.pathname);
  if (page !== undefined) {
    leaveFor(page);
    return true;
  }
  // Decap has asked already whether to leave unsaved changes, so its handler must not ask again.
  addEventListener('beforeunload', (event) => {
    if (isLeaving) event.stopImmediatePropagation();
  });
  const before = deskPageBefore(document.referrer, location.origin);
  history.listen(({ pathname }) => {
    const next = deskPageAfter(pathname, before, deletion.last);
    if (next !== undefined) leaveFor(next);
  });
  return false;
}
