// What is done with versions of entries, in threads of a TextRoom: pure, every argument and answer a plain value.
import '../texts/thread-priority.ts';
import type { EntryRef } from '../domain/entry-ref.ts';
import { withFields } from '../drafts/front-matter.ts';
import { BODY, differingFields, WHOLE, type DifferingField } from './version-diff.ts';
import { readVersion, type EntryVersion } from './version.ts';
import { namesAskedBy, type NamedEntry } from './value-labels.ts';

/** Two versions of an entry, of which one may be missing. */
export interface TwoVersions {
  name: EntryRef;
  before: EntryVersion | undefined;
  after: EntryVersion | undefined;
}

/** The fields in which two versions differ. */
export function differing({ name, before, after }: TwoVersions): DifferingField[] {
  return differingFields(name.collection, readVersion(name, before), readVersion(name, after)).map(
    ({ key, label }) => ({
      key,
      label,
    }),
  );
}

/** The entries that some versions refer to, so that somebody who knows them can say what they are called. */
export function namedEntries({
  name,
  versions,
}: {
  name: EntryRef;
  versions: readonly (EntryVersion | undefined)[];
}): NamedEntry[] {
  return namesAskedBy(
    name.collection,
    versions.flatMap((version) => readVersion(name, version)?.fields ?? []),
  );
}

/**
 * What stands, with some fields of another version; `keys` name them. Undefined: what stands cannot be taken apart.
 */
export function mergedText({
  name,
  now,
  kept,
  keys,
}: {
  name: EntryRef;
  now: EntryVersion | undefined;
  kept: EntryVersion;
  keys: readonly string[];
}): { text: string; whole: boolean } | undefined {
  const stands = readVersion(name, now);
  const other = readVersion(name, kept);
  if (!now || !stands?.fields || keys.includes(WHOLE)) return { text: kept.text, whole: true };
  const fields = new Map(keys.filter((key) => key !== BODY).map((key) => [key, other?.fields?.get(key)]));
  const text = withFields(name.file, now.text, fields, keys.includes(BODY) ? other?.body : undefined);
  return text === undefined ? undefined : { text, whole: false };
}
