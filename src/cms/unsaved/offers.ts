import { contentOf } from '../store/opened-form.ts';
import { differences, type FieldDifference } from './comparison.ts';
import { collectionNamed, dataOfCopy, type EntryData } from './form-copy.ts';
import type { UnsavedCopy } from './unsaved-copy.ts';

/** Unsaved work that is offered to the editor. */
export interface Offer {
  copy: UnsavedCopy;
  data: EntryData;
  /** Title or name in the copy; empty if there is none yet. */
  title: string;
  /** Whether the copy was written in this browser. */
  isHere: boolean;
  /** Whether the entry has been saved since the copy was begun. */
  isOlder: boolean;
  /** How the copy differs from what is saved. */
  differences: readonly FieldDifference[];
}

/** The form for which copies are offered. */
export interface OfferedForm {
  collection: string;
  isNew: boolean;
  baseId: string | null;
  /** The data with which the form was opened. */
  opened: EntryData;
}

/** Returns the copies of both stores, the latest first. Of copies with one id, only the one with the latest text. */
export function mergeCopies(...lists: readonly (readonly UnsavedCopy[])[]): UnsavedCopy[] {
  const latest = new Map<string, UnsavedCopy>();
  for (const copy of lists.flat()) {
    const known = latest.get(copy.id);
    if (!known || copy.revision > known.revision) latest.set(copy.id, copy);
  }
  return [...latest.values()].sort((left, right) => Date.parse(right.at) - Date.parse(left.at));
}

function titleOf({ title, name }: EntryData): string {
  return typeof title === 'string' ? title : typeof name === 'string' ? name : '';
}

/**
 * Returns how a copy differs from what is saved; nothing if they cannot be compared. A text that is offered without a
 * comparison is better than one that is not offered.
 */
function differencesIn(...compared: Parameters<typeof differences>): FieldDifference[] {
  try {
    return differences(...compared);
  } catch {
    return [];
  }
}

/**
 * Returns the offers for some copies, and the ids of the copies that need no offer (`needless`): those whose text is
 * saved already, and those with a text that another copy has too.
 * @param here id of this browser; empty if it has none.
 */
export function offersOf(
  { collection, isNew, baseId, opened }: OfferedForm,
  copies: readonly UnsavedCopy[],
  here: string,
): { offers: Offer[]; needless: string[] } {
  const name = collectionNamed(collection);
  if (name === undefined) return { offers: [], needless: [] };
  const saved = contentOf(opened);
  const seen = new Set([saved]);
  const needless: string[] = [];
  const offers = copies.flatMap((copy): Offer[] => {
    const written = dataOfCopy(collection, copy);
    // A new form has an id of its own.
    const data = isNew && 'id' in written ? { ...written, id: opened['id'] } : written;
    const content = contentOf(data);
    if (seen.has(content)) {
      needless.push(copy.id);
      return [];
    }
    seen.add(content);
    return [
      {
        copy,
        data,
        title: titleOf(data),
        isHere: copy.browser !== '' && copy.browser === here,
        isOlder: !isNew && copy.baseId !== baseId,
        differences: differencesIn(name, opened, data),
      },
    ];
  });
  return { offers, needless };
}
