import { deletion } from '../backend/last-deletion.ts';
import { deskPageAfter, deskPageBefore, deskPageOf, SETTINGS } from './desk-lists.ts';

/** The history of Decap's routes, as far as this file uses it. */
interface RouteHistory {
  location: { pathname: string };
  replace(pathname: string): void;
  listen(listener: (route: { pathname: string }) => void): void;
}

let isLeaving = false;

function leaveFor(address: string): void {
  isLeaving = true;
  location.replace(address);
}

/**
 * Leads to the desk's pages instead of Decap's lists, its search and its board, now and on every later change of the
 * route. To be called before Decap starts.
 * @param history the history of Decap's routes.
 * @returns whether the editor is being left, so that Decap need not start.
 */
export function leaveListsForDesk(history: RouteHistory): boolean {
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
  // The browser may show this page again as it was when it was left.
  addEventListener('pageshow', () => {
    isLeaving = false;
  });
  const before = deskPageBefore(document.referrer, location.origin);
  history.listen(({ pathname }) => {
    const next = deskPageAfter(pathname, before, deletion.last);
    if (next !== undefined) leaveFor(next);
  });
  return false;
}
