import { collections } from '../../model/collections/collections.ts';
import { entryAt, entryFileOf } from '../../model/entry-path.ts';
import { collectionNames, type CollectionName } from '../../model/fields/collection-names.ts';
import { Refusal } from './refusal.ts';

/** An entry, identified by its file. */
export interface EntryRef {
  collection: CollectionName;
  /** Unique in its collection; references use it. */
  key: string;
  /** Decap's name for it: its path below the collection's folder, without extension (`jiefang/2021…/index`). */
  slug: string;
  /** Path of its file in the repository. */
  file: string;
  /** Path of the folder with its file and photos, without a final slash; undefined: it is a single file. */
  folder: string | undefined;
  /** The git ref of its draft. */
  ref: string;
}

/** Prefix of the refs of drafts. */
export const DRAFTS = 'refs/heads/cms/';

/** Prefix of the refs of deleted drafts: `refs/trash/<milliseconds since 1970>/<collection>/<slug>`. */
export const TRASH = 'refs/trash/';

/** A part of a path: not hidden, not like an option, no character that git or an operating system treats specially. */
const SEGMENT = /^[\p{L}\p{N}_][\p{L}\p{N}._-]{0,99}$/u;

function isSafe(path: string): boolean {
  return path.split('/').every((part) => SEGMENT.test(part) && !part.includes('..') && !/\.lock$/iu.test(part));
}

/**
 * Returns the entry of a file.
 * @throws Refusal 422 if no entry can have this file.
 */
export function entryRefAt(file: string): EntryRef {
  const address = isSafe(file) ? entryAt(file) : undefined;
  if (!address) throw new Refusal(422, `“${file.slice(0, 80)}”不是稿件的位置，不能读写。`);
  const { collection, key } = address;
  const alone = !file.endsWith('/index.md');
  const bare = file.replace(/\.\w+$/u, '');
  const slug = collection === 'site' ? 'site' : bare.slice(collection.length + 1);
  return {
    collection,
    key,
    slug,
    file,
    folder: alone ? undefined : bare.slice(0, -'/index'.length),
    ref: `${DRAFTS}${collection}/${alone ? slug : slug.slice(0, -'/index'.length)}`,
  };
}

/**
 * Returns the entry that Decap names by collection and slug.
 * @throws Refusal 422 if there can be no such entry.
 */
export function entryRefOf(collection: string, slug: string): EntryRef {
  const known = collectionNames.find((name) => name === collection);
  if (known === undefined) throw new Refusal(422, `没有“${collection.slice(0, 40)}”这个栏目。`);
  if (known === 'site') return entryRefAt('site.yml');
  const { path } = collections[known];
  const bare = slug.replace(/\/index$/u, '');
  const ending = path.endsWith('/index.md') ? '/index.md' : (/\.\w+$/u.exec(path)?.[0] ?? '');
  const name = entryRefAt(`${known}/${bare}${ending}`);
  if (name.collection !== known) throw new Refusal(422, `“${slug.slice(0, 80)}”不是“${known}”里的稿件。`);
  return name;
}

/** Returns the entry whose draft has this ref; undefined if it is not the ref of a draft. */
export function entryRefOfBranch(ref: string): EntryRef | undefined {
  const [, collection = '', slug = ''] = /^refs\/heads\/cms\/([^/]+)\/(.+)$/u.exec(ref) ?? [];
  try {
    return entryRefOf(collection, slug);
  } catch {
    return undefined;
  }
}

/** File names of photos: anything people choose, except those of hidden files, texts and locks. */
const PHOTO = /^(?!.*\.(?:md|mdx|ya?ml|lock)$)[^./\\\p{Cc}][^/\\\p{Cc}]{0,199}$/iu;

/** Returns whether a photo may have this file name. */
export function canBePhoto(src: string): boolean {
  return PHOTO.test(src);
}

/** Returns whether a file lies beside the file of an entry, under a name that a photo may have. */
export function isPhotoPath(path: string): boolean {
  const entry = entryFileOf(path);
  return entry !== undefined && entry !== path && canBePhoto(path.slice(path.lastIndexOf('/') + 1));
}

/**
 * Returns the path of a photo beside an entry.
 * @throws Refusal 422 if the entry can have no photos, or a photo cannot have this name.
 */
export function photoPath(name: EntryRef, src: string): string {
  const path = `${name.folder}/${src}`;
  if (name.folder === undefined || !canBePhoto(src) || entryFileOf(path) !== name.file) {
    throw new Refusal(422, `“${src.slice(0, 80)}”不能做照片的文件名。`);
  }
  return path;
}
