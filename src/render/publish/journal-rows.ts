import { z } from 'zod';
import { entryFromJson, type Entry } from '../../model/rules.ts';
import { storedLikeness } from '../../photo/workers/job-result.ts';
import { documentFacts } from '../../search/index/documents.ts';

/** Schemas of the rows of the journal's tables (`row`), and of the columns that contain JSON. */
export const strings = z.array(z.string());
export const storedDocuments = z.array(documentFacts);
const storedVersion = z.object({
  entry: z.unknown(),
  text: z.string(),
  file: z.string(),
  photos: z.array(
    z.object({
      src: z.string(),
      hash: z.string(),
      width: z.number(),
      height: z.number(),
      colour: z.string(),
      placeholder: z.string(),
      likeness: storedLikeness.optional(),
    }),
  ),
  photosPending: z.boolean().optional(),
});

/** A published version as it is stored; `entry` is undefined if it does not fit the model. */
type StoredVersion = Omit<z.output<typeof storedVersion>, 'entry'> & { entry: Entry | undefined };

/** Schema of a version that this version of the code has stored. It checks nothing: the fingerprint was compared. */
export const ownVersion = z.custom<StoredVersion>();

/** Returns a version that another version of the code has stored. @throws ZodError if it is no version. */
export function checkedVersion(value: unknown): StoredVersion {
  const stored = storedVersion.parse(value);
  return { ...stored, entry: entryFromJson(stored.entry) };
}
export const storedFaults = z.array(
  z.object({ file: z.string(), field: z.string(), label: z.string(), what: z.string(), remedy: z.string() }),
);
export const row = {
  meta: z.object({ value: z.string() }),
  file: z.object({ path: z.string(), stamp: z.string() }),
  hash: z.object({ stamp: z.string(), hash: z.string() }),
  version: z.object({ version: z.string(), print: z.string() }),
  text: z.object({ source: z.string(), print: z.string() }),
  faults: z.object({ file: z.string(), faults: z.string() }),
  page: z.object({ address: z.string(), owner: z.string(), fingerprint: z.string(), questions: z.string() }),
  documents: z.object({ address: z.string(), fingerprint: z.string(), documents: z.string() }),
  poster: z.object({ address: z.string(), print: z.string(), stamp: z.string() }),
  print: z.object({ question: z.string(), fingerprint: z.string(), cells: z.string() }),
};
