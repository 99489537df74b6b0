import type { Fault } from '../../model/fault.ts';
import { entryAt } from '../../model/entry-path.ts';
import { sortFindings } from '../../model/photo-faults.ts';
import { duplicate, nearDuplicate } from '../../photo/rules/duplicate-rule.ts';
import type { Finding, Twin } from '../../photo/rules/finding.ts';
import { LikenessIndex, type Likeness } from '../../photo/judging/likeness.ts';
import type { PhotoUse, PhotoIndex } from './photo-index.ts';
import type { ReadPhoto, Reading } from './read-entry.ts';
import { dependencyKeyOf, titleOf, whereOf, type Version } from './version.ts';

/**
 * The properties by which photos are compared: `hash` is the SHA-256 of the bytes, in hexadecimal, and `likeness` finds
 * other copies of the same picture.
 */
export interface ComparedPhoto {
  hash: string;
  likeness?: Likeness | undefined;
}

/**
 * The published photos that a photo is compared with, and a function that returns a published version by its dependency
 * key.
 */
export interface PublishedPhotos {
  photos: Pick<PhotoIndex, 'usesOf' | 'alike'>;
  version(dependencyKey: string): Version | undefined;
}

function twinOf(version: Version, { src }: PhotoUse): Twin {
  const { file } = version.address;
  return { folder: file.slice(0, Math.max(0, file.lastIndexOf('/'))), src, title: titleOf(version) };
}

/**
 * Returns a finding if another published entry shows the same photo, or a photo that looks like it. Returns undefined
 * if no other entry does. `own` is the dependency key of the photo's entry; undefined if the photo has no entry yet.
 */
export function duplicateFindings(
  photo: ComparedPhoto,
  own: string | undefined,
  { photos, version }: PublishedPhotos,
): Finding | undefined {
  const find = (uses: readonly PhotoUse[], finding: (which: string) => Finding): Finding | undefined => {
    const use = uses.find(({ dependencyKey }) => dependencyKey !== own);
    const publishedVersion = use && version(use.dependencyKey);
    if (!publishedVersion) return undefined;
    const twin = twinOf(publishedVersion, use);
    return { ...finding(`“${twin.title}”的照片`), twin };
  };
  return find(photos.usesOf(photo.hash), duplicate) ?? find(photos.alike(photo), nearDuplicate);
}

/** Returns the Chinese phrase “a photo of this entry”, for messages about another photo that looks the same. */
export function photoOf(version: Version): string {
  return `${whereOf(version)}的照片`;
}

/**
 * Returns remarks on photos that look like another photo but are not the same file. The keys of the map are the paths
 * of the entries' files. If both photos are in `readings`, only the later photo gets the remark. Photos are ordered by
 * the path of the entry's file, and then by their position in the entry. Photos with the same bytes do not get a remark
 * here: they are faults (acceptEntries in decide-versions.ts).
 */
export function remarkLookalikes(readings: readonly Reading[], published: PublishedPhotos): Map<string, Fault[]> {
  const remarks = new Map<string, Fault[]>();
  const arrived = new LikenessIndex<{ reading: Reading; photo: ReadPhoto }>();
  const replaced = new Set(
    readings.flatMap(({ file }) => {
      const address = entryAt(file);
      return address ? [dependencyKeyOf(address)] : [];
    }),
  );
  for (const reading of [...readings].sort((one, other) => (one.file < other.file ? -1 : 1))) {
    const own: Fault[] = [];
    for (const photo of reading.photos) {
      const { likeness, index, exemption, shown } = photo;
      if (!likeness) continue;
      const earlier = arrived.near(likeness).find((other) => other.photo.hash !== photo.hash);
      const use = published.photos.alike(photo).find(({ dependencyKey }) => !replaced.has(dependencyKey));
      const publishedVersion = use && published.version(use.dependencyKey);
      const which = earlier ? photoAmong(reading, earlier) : publishedVersion && photoOf(publishedVersion);
      if (which !== undefined) {
        own.push(...sortFindings(reading.file, index, [nearDuplicate(which)], exemption, shown).remarks);
      }
      arrived.set({ reading, photo }, likeness);
    }
    if (own.length > 0) remarks.set(reading.file, own);
  }
  return remarks;
}

/**
 * Returns a Chinese phrase for a photo that was read earlier, for a remark on a photo of the reading `asking`. The
 * earlier photo may be in the same reading or in another one.
 */
function photoAmong(asking: Reading, { reading, photo }: { reading: Reading; photo: ReadPhoto }): string {
  if (reading === asking) return `本篇第 ${photo.index + 1} 张`;
  return reading.version ? photoOf(reading.version) : `${reading.file} 的照片`;
}
