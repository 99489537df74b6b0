import type { EntryAddress } from '../../model/entry-path.ts';
import type { Entry } from '../../model/rules.ts';
import type { Likeness } from '../../photo/judging/likeness.ts';

/**
 * A photo file as an entry uses it: the SHA-256 of its bytes (hexadecimal), its size in upright pixels, and
 * placeholders.
 */
export interface PhotoFile {
  src: string;
  hash: string;
  width: number;
  height: number;
  colour: string;
  /** A tiny picture as a `data:` URL; empty if there is none. */
  placeholder: string;
  /** Undefined if the photo shows nothing to recognise it by. */
  likeness?: Likeness | undefined;
  /** Where the photo of a draft, which is not encoded yet, is served from as it is. */
  address?: string;
}

/** One version of an entry that keeps every rule which can be judged without other entries. */
export interface Version {
  address: EntryAddress;
  entry: Entry;
  /** Fingerprint of the file's path and text; `TextStore` has the text by it. */
  text: string;
  photos: readonly PhotoFile[];
}

/** The texts of accepted versions, by fingerprint. Pages are made from these, so that they depend on nothing else. */
export interface TextStore {
  get(fingerprint: string): string | undefined;
  /** Returns the HTML of a text's body if it is made already. */
  html?(fingerprint: string): string | undefined;
}

/** Returns the dependency key of an entry, for example `stories/20210319-213000ef`. */
export function dependencyKeyOf({ collection, key }: Pick<EntryAddress, 'collection' | 'key'>): string {
  return `${collection}/${key}`;
}

/** Whether an entry is withdrawn. Its page, if it has one, then shows only that it was withdrawn, and why. */
export function isTakenBack({ entry }: Version): boolean {
  if (entry.collection === 'wishes') return entry.data.state === 'withdrawn';
  return 'withdrawn' in entry.data && entry.data.withdrawn !== undefined;
}

/** How often an entry has been withdrawn. */
export function generationOf({ entry }: Version): number {
  return ('generation' in entry.data ? entry.data.generation : undefined) ?? 0;
}

/** Names an entry in sentences: “标题”（path of its file）. */
export function whereOf(version: Version): string {
  return `“${titleOf(version)}”（${version.address.file}）`;
}

/** Returns the title or name of an entry, or its key if it has neither. */
export function titleOf({ entry, address }: Version): string {
  return 'title' in entry.data ? entry.data.title : 'name' in entry.data ? entry.data.name : address.key;
}
