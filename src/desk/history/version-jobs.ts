// Jobs on versions of entries, which TextThreads runs in worker threads. They are pure functions; arguments and results
// are plain values, because these are copied between threads.
import '../texts/thread-priority.ts';
import { parseFile } from '../../model/document.ts';
import type { EntryRef } from '../domain/entry-ref.ts';
import { withFields } from '../drafts/front-matter.ts';
import { BODY, differingFields, WHOLE, type DifferingField } from './version-diff.ts';
import { readVersion, type EntryVersion, type ReadVersion } from './version.ts';
import { referredEntries, type ReferredEntry } from '../../model/value-labels.ts';

/** Two versions of an entry, one of which may be missing. */
export interface TwoVersions {
  name: EntryRef;
  before: EntryVersion | undefined;
  after: EntryVersion | undefined;
}

/** Returns key and label of the fields in which two versions differ. */
export function differing({ name, before, after }: TwoVersions): DifferingField[] {
  return differingFields(name.collection, readVersion(name, before), readVersion(name, after)).map(
    ({ key, label }) => ({
      key,
      label,
    }),
  );
}

/**
 * Parses the versions that a page shows. Also returns the entries to which the versions refer, so that the caller can
 * look up the titles of these entries.
 */
export function readVersions({ name, versions }: { name: EntryRef; versions: readonly (EntryVersion | undefined)[] }): {
  versions: (ReadVersion | undefined)[];
  referred: ReferredEntry[];
} {
  const read = versions.map((version) => readVersion(name, version));
  const fields = read.flatMap((version) => version?.fields ?? []);
  return { versions: read, referred: referredEntries(name.collection, fields) };
}

/**
 * Returns the current text in which some fields are replaced by those of another version. `whole` is true if the result
 * is instead the whole text of the other version: if there is no current text, if it cannot be parsed, or if `keys`
 * contains `WHOLE`. Returns undefined if the Markdown of the current text cannot be replaced (`withFields`).
 * @param input.now the current version; undefined if there is none.
 * @param input.keys keys of fields, `BODY` or `WHOLE`.
 */
export function mergedText({
  name,
  now,
  other,
  keys,
}: {
  name: EntryRef;
  now: EntryVersion | undefined;
  other: EntryVersion;
  keys: readonly string[];
}): { text: string; whole: boolean } | undefined {
  const current = now && parseFile(name.file, now.text);
  if (!current || 'what' in current || keys.includes(WHOLE)) return { text: other.text, whole: true };
  const read = readVersion(name, other);
  const fields = new Map(keys.filter((key) => key !== BODY).map((key) => [key, read?.fields?.get(key)]));
  const text = withFields(current, fields, keys.includes(BODY) ? read?.body : undefined);
  return text === undefined ? undefined : { text, whole: false };
}
