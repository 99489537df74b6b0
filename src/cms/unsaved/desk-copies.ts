import { z } from 'zod';
import { DeskError, errorOf, post, reach } from '../backend/desk-client.ts';
import { unsavedCopy, type CopyPlace, type UnsavedCopy } from './unsaved-copy.ts';

/**
 * Most bytes of a request that the browser completes after its page was closed (Fetch standard: 64 KiB for all such
 * requests together).
 */
const MOST_KEPT_ALIVE = 60_000;

const listed = z.object({ copies: z.array(unsavedCopy) });

/** Whether a message says already that the session has ended: once is enough. */
let saidSignedOut = false;

/**
 * Calls an action of the desk and resolves to its result. Shows no message, except once that nobody is signed in: the
 * copies are kept in the background.
 * @param last whether the page may be about to close.
 * @throws DeskError if the desk refuses or cannot be reached.
 */
async function call(action: string, params: object, last = false): Promise<unknown> {
  const init = post({ branch: 'main', action, params });
  const bytes = new Blob([String(init.body)]).size;
  const response = await reach('/api/v1', { ...init, keepalive: last && bytes <= MOST_KEPT_ALIVE });
  if (response.status === 401 && !saidSignedOut) errorOf(response.status, undefined);
  saidSignedOut = response.status === 401;
  if (!response.ok) throw new DeskError('', response.status);
  return response.json();
}

/** Copies of unsaved work at the desk, which other computers can reach. */
export const deskCopies = {
  /**
   * Sends a person's copy. The desk refuses it if somebody else has signed in to this browser meanwhile.
   * @param last whether the page may be about to close.
   * @throws DeskError if the desk did not keep the copy.
   */
  async keep(login: string, place: CopyPlace, { at: _at, ...copy }: UnsavedCopy, last: boolean): Promise<void> {
    await call('keepUnsaved', { ...place, ...copy, login }, last);
  },

  /** Deletes some copies. @throws DeskError if the desk cannot be reached. */
  async drop(ids: readonly string[]): Promise<void> {
    await call('dropUnsaved', { ids });
  },

  /** Resolves to the person's copies of an entry, or of the new entries of a collection. @throws DeskError */
  async of(place: CopyPlace): Promise<UnsavedCopy[]> {
    return listed.parse(await call('unsavedCopies', place)).copies;
  },
};
