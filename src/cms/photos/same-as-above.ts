import type { List } from 'immutable';
import { textIn, type DecapMap } from '../widgets/widget.ts';
import { withdrawalOf } from './photo-withdrawal.ts';

/**
 * Groups of fields that are as a rule the same for all photos of an entry: who took the photo, and the consent with its
 * end and the place of its papers. A group is the same as above (同上) if all its fields have the values of the photo
 * above. Each photo contains all values, in the form and in the saved file.
 */
const GROUPS: readonly (readonly [string, ...string[]])[] = [['credit'], ['consent', 'consentUntil', 'consentNote']];

function groupOf(field: string): readonly string[] {
  return GROUPS.find((group) => group.includes(field)) ?? [];
}

/** Returns the nearest photo above a photo that is not withdrawn; undefined if there is none. */
function photoAbove(photos: List<DecapMap>, index: number): DecapMap | undefined {
  return photos.take(index).findLast((photo) => withdrawalOf(photo) === undefined);
}

function agree(group: readonly string[], one: DecapMap, other: DecapMap): boolean {
  return group.length > 0 && group.every((field) => textIn(one, field) === textIn(other, field));
}

/** Whether a field can be the same as above, is, or could be made so: there is a photo above with a value. */
export type SameAsAbove = 'same' | 'different' | 'not comparable';

/**
 * Returns how a field of a photo, with the other fields of its group, compares with the photo above. Only the first
 * field of a group is compared: the others follow it.
 */
export function compareWithAbove(photos: List<DecapMap>, index: number, field: string): SameAsAbove {
  const [photo, above] = [photos.get(index), photoAbove(photos, index)];
  const group = groupOf(field);
  if (!photo || !above || group[0] !== field || textIn(above, field) === '') return 'not comparable';
  return agree(group, photo, above) ? 'same' : 'different';
}

/**
 * Returns the positions of the photos that follow a change of a field: those directly below whose group is the same as
 * above, also if it is still empty.
 */
export function followersOf(photos: List<DecapMap>, index: number, field: string): number[] {
  const group = groupOf(field);
  const changed = photos.get(index);
  const followers: number[] = [];
  for (const [position, photo] of photos.toArray().entries()) {
    if (!changed || position <= index || withdrawalOf(photo)) continue;
    if (!agree(group, photo, changed)) break;
    followers.push(position);
  }
  return followers;
}

/** Returns the photo with the fields of a group as those of the photo above; unchanged if there is none. */
function withGroup(photo: DecapMap, above: DecapMap | undefined, group: readonly string[]): DecapMap {
  return above ? group.reduce((changed, field) => changed.set(field, textIn(above, field)), photo) : photo;
}

/** Returns the photos after the group of a field of one photo was made the same as above. */
export function withSameAsAbove(photos: List<DecapMap>, index: number, field: string): List<DecapMap> {
  const photo = photos.get(index);
  return photo ? photos.set(index, withGroup(photo, photoAbove(photos, index), groupOf(field))) : photos;
}

/** Returns a new photo, which is to be added at the end, with all groups the same as above. */
export function withSharedFields(photos: List<DecapMap>, added: DecapMap): DecapMap {
  const above = photoAbove(photos, photos.size);
  return GROUPS.reduce((photo, group) => withGroup(photo, above, group), added);
}
