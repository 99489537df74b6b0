// Runs in browser and Node: pure. Which fields of an entry a document fills.
import { FIELD_LABELS, fieldNames, type FieldName, type Found } from './story.ts';

/** The collections whose entries are made of documents. */
export const wordCollections = ['stories', 'examples', 'summaries'] as const;
export type WordCollection = (typeof wordCollections)[number];

/** Key of the field that each part of a document fills, by collection. A part without a key has no field there. */
const KEYS: Readonly<Record<WordCollection, Partial<Record<FieldName, string>>>> = {
  stories: {
    title: 'title',
    date: 'date',
    place: 'place',
    unit: 'unit',
    summary: 'summary',
    author: 'author',
    proofreader: 'proofreader',
  },
  examples: { title: 'name', unit: 'unit', summary: 'summary', author: 'author', proofreader: 'proofreader' },
  summaries: { unit: 'unit', author: 'author' },
};

type Fields = Partial<Record<FieldName, Found>>;

/** Returns the key of the field that a part of a document fills in a collection; undefined if there is none. */
export function formKey(collection: WordCollection, name: FieldName): string | undefined {
  return KEYS[collection][name];
}

/**
 * Returns the names of the fields that a collection has and the document does not say.
 * @param isFilled returns whether a field has a value already, by its key.
 */
export function missingIn(
  fields: Fields,
  collection: WordCollection,
  isFilled: (key: string) => boolean = () => false,
): string[] {
  return fieldNames
    .filter((name) => {
      const key = KEYS[collection][name];
      return key !== undefined && !fields[name] && !isFilled(key);
    })
    .map(labelOf);
}

/**
 * Returns a sentence for each value for which a collection has no field, so that it is not dropped silently. The date
 * of a summary serves for its year and is not named.
 */
export function withoutField(fields: Fields, collection: WordCollection): string[] {
  return fieldNames.flatMap((name) => {
    const field = fields[name];
    if (!field || KEYS[collection][name] !== undefined || (collection === 'summaries' && name === 'date')) return [];
    return [`这一类稿件没有“${labelOf(name)}”一栏，没有读入：${field.value}。`];
  });
}

/** Returns the year of a summary: the one that its title or its path states, otherwise that of its date. */
export function yearOfSummary(fields: Fields, path: string): string | undefined {
  const [, stated] = /(?:^|\D)(20\d{2})(?!\d)/u.exec(`${fields.title?.value ?? ''}/${path}`) ?? [];
  return stated ?? fields.date?.value.slice(0, 4);
}

function labelOf(name: FieldName): string {
  return FIELD_LABELS[name];
}
