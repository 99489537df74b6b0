import { textIn, type EntryMap } from './widget.ts';

/**
 * Returns whether an entry that is open in the form has a published version: it was opened from that version, or it is
 * a draft that changes it. The field `published` does not say it: content with which the repository began has none.
 */
export function isLive(entry: EntryMap | undefined): boolean {
  if (!entry || textIn(entry, 'path') === '' || entry.get('newRecord') === true) return false;
  return textIn(entry, 'status') === '' || entry.get('isModification') === true;
}
