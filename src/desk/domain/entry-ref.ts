import { collections } from '../../model/collections/collections.ts';
import { entryAt, entryFileOf } from '../../model/entry-path.ts';
import { collectionNames, type CollectionName } from '../../model/fields/collection-names.ts';
import { Refusal } from './refusal.ts';

/** A reference to an entry, which may or may not exist: its names in the model, in Decap and in git. */
export interface EntryRef {
  collection: CollectionName;
  /** Key of the entry, unique in its collection: other entries refer to the entry by this key. */
  key: string;
  /**
   * Decap's name of the entry: the path of its file below the collection's folder, without extension
   * (`jiefang/2021…/index`).
   */
  slug: string;
  /** Path of the entry's file in the repository. */
  file: string;
  /**
   * Path of the folder with the entry's file and photos, without a final slash; undefined if the entry is a single
   * file.
   */
  folder: string | undefined;
  /** The git ref of the entry's draft, whether or not there is a draft. */
  ref: string;
}

/** Prefix of the git refs of drafts: `refs/heads/cms/<collection>/<slug without /index>`. */
export const DRAFTS = 'refs/heads/cms/';

/**
 * Prefix of the git refs of deleted drafts: `refs/trash/<milliseconds since 1970>/<collection>/<slug without /index>`.
 * The time is when the draft was deleted.
 */
export const TRASH = 'refs/trash/';

/**
 * Matches an allowed part of a path: 1 to 100 characters, not hidden, not like a command-line option, and without
 * characters that git or an operating system treats specially.
 */
const SEGMENT = /^[\p{L}\p{N}_][\p{L}\p{N}._-]{0,99}$/u;

function isSafe(path: string): boolean {
  return path.split('/').every((part) => SEGMENT.test(part) && !part.includes('..') && !/\.lock$/iu.test(part));
}

/**
 * Returns the entry whose file has this path, whether or not the file exists.
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
 * Returns the entry that Decap names by collection and slug, whether or not it exists. A final `/index` of the slug may
 * be missing.
 * @throws Refusal 422 if there is no such collection, or no entry can have this slug.
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

/** Returns the entry whose draft has this git ref, or undefined if no draft can have this ref. */
export function entryRefOfBranch(ref: string): EntryRef | undefined {
  const [, collection = '', slug = ''] = /^refs\/heads\/cms\/([^/]+)\/(.+)$/u.exec(ref) ?? [];
  try {
    return entryRefOf(collection, slug);
  } catch {
    return undefined;
  }
}

/**
 * Matches an allowed file name of a photo: 1 to 200 characters, not hidden, without slashes, backslashes and control
 * characters, and without the extension of a text or a lock file.
 */
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
 * Returns the path of a photo in the folder of an entry. The path is relative to the repository.
 * @param src file name of the photo.
 * @throws Refusal 422 if the entry can have no photos, or no photo can have this name.
 */
export function photoPath(name: EntryRef, src: string): string {
  const path = `${name.folder}/${src}`;
  if (name.folder === undefined || !canBePhoto(src) || entryFileOf(path) !== name.file) {
    throw new Refusal(422, `“${src.slice(0, 80)}”不能做照片的文件名。`);
  }
  return path;
}
