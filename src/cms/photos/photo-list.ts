import { isList, isMap, List, Map } from 'immutable';
import { textIn, type DecapMap } from '../widgets/widget.ts';
import { exemptionOf, withExemption } from './photo-exemption.ts';
import { photoFields } from './photo-fields.ts';

/** Returns the photos of an entry from the value of the field. Items that are not maps are left out. */
export function photosIn(value: unknown): List<DecapMap> {
  if (!isList(value)) return List();
  return List(value.toArray().flatMap((photo) => (isMap(photo) ? [Map<string, unknown>(entriesOf(photo))] : [])));
}

/** Returns the entries of a map, with keys converted to strings. */
function entriesOf(map: Map<unknown, unknown>): [string, unknown][] {
  return map.toArray().map(([key, value]) => [String(key), value]);
}

/** Returns the position of the photo with a name; -1 if there is none. */
export function positionOf(photos: List<DecapMap>, src: string): number {
  return photos.findIndex((photo) => textIn(photo, 'src') === src);
}

/** Returns a photo whose fields are all empty. */
export function blankPhoto(src: string): DecapMap {
  return Map<string, unknown>({ src, ...Object.fromEntries(photoFields.map(({ name }) => [name, ''])) });
}

/**
 * Returns a photo with another file. An exemption is removed, because a reviewer gave it for the other file.
 */
export function withFile(photo: DecapMap, src: string): DecapMap {
  return photo.set('src', src).delete('exemption');
}

/**
 * Returns a photo after the desk has turned it: the exemption stays only if a reviewer has it turned, and is then this
 * reviewer's.
 * @param reviewer name of the reviewer; undefined if the editor may give no exemptions.
 */
export function withTurnedFile(photo: DecapMap, src: string, reviewer: string | undefined): DecapMap {
  const exemption = exemptionOf(photo);
  const turned = withFile(photo, src);
  return exemption && reviewer !== undefined
    ? withExemption(turned, { reason: exemption.reason, by: reviewer })
    : turned;
}

/**
 * Keys of the cards of photos, by `src`. The key of a photo stays when its file changes, so that the card keeps its
 * state and the keyboard focus.
 */
export class CardKeys {
  readonly #keys = new globalThis.Map<string, string>();
  #last = 0;

  of(src: string): string {
    const known = this.#keys.get(src);
    if (known !== undefined) return known;
    this.#last += 1;
    const key = String(this.#last);
    this.#keys.set(src, key);
    return key;
  }

  /** Gives the key of the photo `from` to the photo `to`. */
  pass(from: string, to: string): void {
    const key = this.of(from);
    this.#keys.delete(from);
    this.#keys.set(to, key);
  }
}
