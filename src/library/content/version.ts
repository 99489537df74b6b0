import type { EntryAddress } from '../../model/entry-path.ts';
import type { Entry } from '../../model/rules.ts';
import type { Likeness } from '../../photo/judging/likeness.ts';

/** A photo file as an entry uses it: its bytes' hash, upright pixels, and what stands in for it. */
export interface PhotoFile {
  src: string;
  hash: string;
  width: number;
  height: number;
  colour: string;
  /** A tiny picture, a `data:` URL; empty: there is none. */
  placeholder: string;
  /** What it looks like; undefined: it shows nothing that could be told from others. */
  likeness?: Likeness | undefined;
  /** Where a draft's photo is shown from as it is, before it is encoded. */
  address?: string;
}

/** One version of an entry that keeps the rules which need no other entry. */
export interface Version {
  address: EntryAddress;
  entry: Entry;
  /** Fingerprint of the file's text, under which the text itself is kept. */
  text: string;
  photos: readonly PhotoFile[];
}

/** What readers see stays a function of this text alone: the texts of accepted versions, by fingerprint. */
export interface TextStore {
  get(fingerprint: string): string | undefined;
  /** HTML of the body of a text, where it is made already. */
  html?(fingerprint: string): string | undefined;
}

/** The name of an entry among all entries: `stories/20210319-213000ef`. */
export function dependencyKeyOf({ collection, key }: Pick<EntryAddress, 'collection' | 'key'>): string {
  return `${collection}/${key}`;
}

/** Whether an entry was taken back: nothing of it is shown but, where it has a page of its own, that it was and why. */
export function isTakenBack({ entry }: Version): boolean {
  if (entry.collection === 'wishes') return entry.data.state === 'withdrawn';
  return 'withdrawn' in entry.data && entry.data.withdrawn !== undefined;
}

/** How often an entry has been withdrawn before. */
export function generationOf({ entry }: Version): number {
  return ('generation' in entry.data ? entry.data.generation : undefined) ?? 0;
}

/** An entry as sentences name it: “标题”（path of its file）. */
export function whereOf(version: Version): string {
  return `“${titleOf(version)}”（${version.address.file}）`;
}

/** What an entry is called. */
export function titleOf({ entry, address }: Version): string {
  return 'title' in entry.data ? entry.data.title : 'name' in entry.data ? entry.data.name : address.key;
}
