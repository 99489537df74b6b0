import { limitedConsents } from '../../model/consents.ts';
import type { Fault } from '../../model/fault.ts';
import type { Photo } from '../../model/fields/photo.ts';
import { judgePhotoCount, type Limits } from '../../model/rules.ts';
import { isTakenBack, titleOf, type Version } from '../content/version.ts';

/** Has the published versions by dependency key, as EntryStore has. */
interface Published {
  readonly versions: ReadonlyMap<string, Version>;
}

/** Facts about a published entry with photos, for lists at the desk. */
export interface PhotoEntry {
  /** Path of the entry's file. */
  file: string;
  title: string;
  /** Code of the unit. */
  unit: string;
  /** When (YYYY-MM-DD) and why the entry itself was withdrawn; undefined if it is not withdrawn. */
  withdrawn: { date: string; reason: string } | undefined;
  photos: readonly Photo[];
}

/** A photo whose consent ends soon or has ended. */
export interface EndingConsent extends Pick<PhotoEntry, 'file' | 'title' | 'unit'> {
  /** Position of the photo in the entry, from 1. */
  number: number;
  /** The last day of the consent, YYYY-MM-DD. */
  until: string;
}

/** A remark on an entry that lacks photos since some were withdrawn. */
export interface PhotoLack extends Pick<PhotoEntry, 'title' | 'unit'> {
  remark: Fault;
}

/** Yields all published entries of the collections with photos, also withdrawn entries, in no particular order. */
export function* photoEntries({ versions }: Published): Generator<PhotoEntry> {
  for (const version of versions.values()) {
    const { entry, address } = version;
    if (entry.collection !== 'stories' && entry.collection !== 'examples') continue;
    const { unit, withdrawn, photos } = entry.data;
    yield { file: address.file, title: titleOf(version), unit, withdrawn, photos };
  }
}

/**
 * Returns the photos of published entries whose consent ends on the day `last` (YYYY-MM-DD) or before, ordered by the end
 * of the consent.
 */
export function endingConsents(published: Published, last: string): EndingConsent[] {
  const found: EndingConsent[] = [];
  for (const { file, title, unit, withdrawn, photos } of photoEntries(published)) {
    if (withdrawn || !photos.some(({ consentUntil }) => consentUntil !== undefined)) continue;
    for (const { index, until } of limitedConsents({ photos })) {
      if (until <= last) found.push({ file, title, unit, number: index + 1, until });
    }
  }
  return found.sort((one, other) => one.until.localeCompare(other.until) || one.file.localeCompare(other.file));
}

/** Returns a remark for each published entry that has too few photos since some were withdrawn, ordered by path. */
export function photoLacks(published: Published, limits: Limits): PhotoLack[] {
  const found: PhotoLack[] = [];
  for (const version of published.versions.values()) {
    const { entry, address } = version;
    if (entry.collection !== 'stories' && entry.collection !== 'examples') continue;
    if (isTakenBack(version)) continue;
    const { photos, unit } = entry.data;
    const withdrawn = photos.filter((photo) => photo.withdrawn).length;
    if (withdrawn === 0) continue;
    const counts = { shown: photos.length - withdrawn, withdrawn };
    const [remark] = judgePhotoCount(address.file, counts, limits.photo).remarks;
    if (remark) found.push({ title: titleOf(version), unit, remark });
  }
  return found.sort((one, other) => one.remark.file.localeCompare(other.remark.file));
}
