import type { EntryAddress } from '../../model/entry-path.ts';
import type { Entry } from '../../model/rules.ts';
import type { Likeness } from '../../photo/judging/likeness.ts';

/**
 * A photo file that an entry names as `src`. `hash` is the SHA-256 of the file's bytes in hexadecimal. `width` and
 * `height` are pixels of the picture turned upright. `colour` is its average colour as `#rrggbb`.
 */
export interface PhotoFile {
  src: string;
  hash: string;
  width: number;
  height: number;
  colour: string;
  /** A tiny picture as a `data:` URL, shown while the photo loads; empty if there is none. */
  placeholder: string;
  /** Perceptual hashes of the picture; undefined if the picture has too little contrast to be recognised. */
  likeness?: Likeness | undefined;
  /** URL of the original file; only for a photo of a draft, which is not encoded yet. */
  address?: string;
}

/** One version of an entry that satisfies every rule which can be checked without other entries. */
export interface Version {
  address: EntryAddress;
  entry: Entry;
  /** Fingerprint of the file's path and text, by which `TextStore` returns the text. */
  text: string;
  photos: readonly PhotoFile[];
  /**
   * Whether some photos of the entry are not in `photos` because they are not examined yet. The page is shown without
   * them until then.
   */
  photosPending?: boolean | undefined;
}

/**
 * The texts of accepted versions. Pages are rendered from these texts and not from the files, so that a page depends
 * only on accepted content.
 */
export interface TextStore {
  get(fingerprint: string): string | undefined;
  /** Returns the HTML of the body of a text; undefined if the HTML must be rendered from the text. */
  html?(fingerprint: string): string | undefined;
}

/** Returns the dependency key of an entry, for example `stories/20210319-213000ef`. */
export function dependencyKeyOf({ collection, key }: Pick<EntryAddress, 'collection' | 'key'>): string {
  return `${collection}/${key}`;
}

/**
 * Returns whether an entry is withdrawn. The page of a withdrawn entry, if it has one, shows only when and why it was
 * withdrawn.
 */
export function isTakenBack({ entry }: Version): boolean {
  if (entry.collection === 'wishes') return entry.data.state === 'withdrawn';
  return 'withdrawn' in entry.data && entry.data.withdrawn !== undefined;
}

/** Returns how many times an entry has been withdrawn; 0 if never. */
export function generationOf({ entry }: Version): number {
  return ('generation' in entry.data ? entry.data.generation : undefined) ?? 0;
}

/** Returns a Chinese phrase that names an entry in messages: its title, and the path of its file in brackets. */
export function whereOf(version: Version): string {
  return `“${titleOf(version)}”（${version.address.file}）`;
}

/** Returns the title or name of an entry, or its key if it has neither. */
export function titleOf({ entry, address }: Version): string {
  return 'title' in entry.data ? entry.data.title : 'name' in entry.data ? entry.data.name : address.key;
}
