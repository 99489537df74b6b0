import { collections } from '../../model/collections/collections.ts';
import { entryAt, entryFileOf } from '../../model/entry-path.ts';
import { collectionNames, type CollectionName } from '../../model/fields/names.ts';
import { Refusal } from './refusal.ts';

/** An entry as the desk names it. */
export interface EntryRef {
  collection: CollectionName;
  /** Unique in its collection, as a reference writes it. */
  key: string;
  /** What Decap calls it: its file below the collection's folder, without the ending (`jiefang/2021…/index`). */
  slug: string;
  /** Path of its file in the repository. */
  file: string;
  /** Folder of its file and photos, without a slash; undefined: it is a file alone. */
  folder: string | undefined;
  /** The ref of its draft. */
  ref: string;
}

/** Refs of drafts begin so. */
export const DRAFTS = 'refs/heads/cms/';

/** A part of a path: no hidden file, no option, nothing that git or another system would read as something else. */
const SEGMENT = /^[\p{L}\p{N}_][\p{L}\p{N}._-]{0,99}$/u;

function isSafe(path: string): boolean {
  return path.split('/').every((part) => SEGMENT.test(part) && !part.includes('..') && !/\.lock$/iu.test(part));
}

/** The name of the entry whose file this is. Throws a Refusal where no entry that staff edit can have this file. */
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

/** The entry that Decap means. Throws a Refusal where there can be none of that name. */
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

/** The entry whose draft a ref is; undefined: it is none. */
export function entryRefOfBranch(ref: string): EntryRef | undefined {
  const [, collection = '', slug = ''] = /^refs\/heads\/cms\/([^/]+)\/(.+)$/u.exec(ref) ?? [];
  try {
    return entryRefOf(collection, slug);
  } catch {
    return undefined;
  }
}

/** Photos may be called what people call them, but not like a hidden file, a text or a lock. */
const PHOTO = /^(?!.*\.(?:md|mdx|ya?ml|lock)$)[^./\\\p{Cc}][^/\\\p{Cc}]{0,199}$/iu;

/** Can a file of this name be a photo? */
export function canBePhoto(src: string): boolean {
  return PHOTO.test(src);
}

/** The path of a photo beside an entry. Throws a Refusal where the entry has no photos or the name is none. */
export function photoPath(name: EntryRef, src: string): string {
  const path = `${name.folder}/${src}`;
  if (name.folder === undefined || !canBePhoto(src) || entryFileOf(path) !== name.file) {
    throw new Refusal(422, `“${src.slice(0, 80)}”不能做照片的文件名。`);
  }
  return path;
}
