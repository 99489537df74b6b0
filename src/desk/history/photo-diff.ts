import { z } from 'zod';
import { photo as photoGroup } from '../../model/fields/photo.ts';
import { labelOf, valueWords, type NameOf } from '../../model/value-labels.ts';
import { compareTexts } from '../../text/comparison/compare-texts.ts';
import type { TextSegment } from '../../text/comparison/compare-words.ts';
import type { ReadVersion } from './version.ts';

/** A photo in one version. */
export interface VersionPhoto {
  src: string;
  /** Id of the blob of the photo's file; undefined if no such file is beside the entry. */
  blob: string | undefined;
  /** The photo's alternative text; empty if it has none. */
  alt: string;
}

/** A photo that two versions do not have in common, or not with the same words. */
export interface PhotoDifference {
  /** `replaced`: another file with the same words; `changed`: the same file with other words, or with other bytes. */
  is: 'gone' | 'new' | 'changed' | 'replaced';
  /** Position in the newer version, or in the older one if the photo is gone. Starts with 1. */
  position: number;
  before: VersionPhoto | undefined;
  after: VersionPhoto | undefined;
  /** The comparison of the captions. */
  caption: readonly TextSegment[];
  /** The comparisons of other fields of the photo, in words. Those that are the same in both versions are left out. */
  facts: readonly { label: string; segments: readonly TextSegment[] }[];
}

const listed = z.array(z.looseObject({ src: z.string() }).optional().catch(undefined)).catch([]);

type PhotoFields = Readonly<Record<string, unknown>> & { src: string };

function photosOf(version: ReadVersion | undefined): PhotoFields[] {
  return listed.parse(version?.fields?.get('photos') ?? []).flatMap((one) => one ?? []);
}

/** Returns the photos that a version names, with the ids of their blobs, as one string for comparisons. */
export function photoBlobs(version: ReadVersion | undefined): string {
  return JSON.stringify(photosOf(version).map(({ src }) => [src, version?.photos.get(src)]));
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** A photo of each version; one is undefined if the other version has no such photo. */
type Pair = readonly [before: PhotoFields | undefined, after: PhotoFields | undefined];

/** Pairs the photos of two versions: by file, and those that are left by their words, if these are the same. */
function pairs(before: readonly PhotoFields[], after: readonly PhotoFields[]): Pair[] {
  const left = new Set(before);
  const take = (wanted: (photo: PhotoFields) => boolean): PhotoFields | undefined => {
    const found = Array.from(left).find(wanted);
    if (found) left.delete(found);
    return found;
  };
  const same = new Map(after.map((photo) => [photo, take(({ src }) => src === photo.src)]));
  const replaced = (photo: PhotoFields): PhotoFields | undefined =>
    take((other) => textOf(other['caption']) !== '' && other['caption'] === photo['caption']);
  const paired = after.map((photo): Pair => [same.get(photo) ?? replaced(photo), photo]);
  return [...paired, ...Array.from(left, (photo): Pair => [photo, undefined])];
}

/** Compares the fields of a photo apart from its file and its caption, in the order of the model's form. */
function comparedFacts([before, after]: Pair, nameOf: NameOf): PhotoDifference['facts'] {
  const { shape } = photoGroup;
  const fields: Readonly<Record<string, z.core.$ZodType>> = shape;
  const keys = new Set([...Object.keys(shape), ...Object.keys(before ?? {}), ...Object.keys(after ?? {})]);
  return Array.from(keys).flatMap((key) => {
    if (key === 'src' || key === 'caption') return [];
    const [was, is] = [before, after].map((photo) => valueWords(fields[key], photo?.[key], nameOf));
    if (was === is) return [];
    return [{ label: labelOf(fields[key], key), segments: compareTexts(was ?? '', is ?? '') }];
  });
}

/**
 * Returns the photos that differ between two versions. The list is empty if only the order differs.
 * @param before the older version; undefined if there was none.
 * @param after the newer version; undefined if there is none.
 */
export function comparePhotos(
  before: ReadVersion | undefined,
  after: ReadVersion | undefined,
  nameOf: NameOf,
): PhotoDifference[] {
  const [were, are] = [photosOf(before), photosOf(after)];
  const inVersion = (photo: PhotoFields | undefined, version: ReadVersion | undefined): VersionPhoto | undefined =>
    photo && { src: photo.src, blob: version?.photos.get(photo.src), alt: textOf(photo['alt']) };
  return pairs(were, are).flatMap((pair): PhotoDifference[] => {
    const [was, is] = pair;
    const [old, now] = [inVersion(was, before), inVersion(is, after)];
    const caption = compareTexts(textOf(was?.['caption']), textOf(is?.['caption']));
    const facts = comparedFacts(pair, nameOf);
    const position = (is ? are.indexOf(is) : was ? were.indexOf(was) : 0) + 1;
    const difference = { position, before: old, after: now, caption, facts };
    if (!old) return [{ is: 'new', ...difference }];
    if (!now) return [{ is: 'gone', ...difference }];
    if (old.src !== now.src) return [{ is: 'replaced', ...difference }];
    const isSame = old.blob === now.blob && facts.length === 0 && caption.every(({ is: kind }) => kind === 'same');
    return isSame ? [] : [{ is: 'changed', ...difference }];
  });
}
