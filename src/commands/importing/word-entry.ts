import { Document } from 'yaml';
import { entryFile } from '../../model/entry-path.ts';
import { WRITING } from '../../model/yaml.ts';
import { formKey, type WordCollection } from '../../word/fields/form-keys.ts';
import { fieldNames } from '../../word/fields/story.ts';
import type { WordPhoto, WordStory } from '../../word/read-word.ts';

/** The collections that documents are imported into, by the name of a folder above the document. */
const FOLDERS: ReadonlyMap<string, WordCollection> = new Map([
  ['活动故事', 'stories'],
  ['stories', 'stories'],
  ['先进典型', 'examples'],
  ['examples', 'examples'],
  ['年度总结', 'summaries'],
  ['summaries', 'summaries'],
]);

/** Returns the collection of a document by the folders above it, the innermost first; stories if none is named. */
export function collectionOf(path: string): WordCollection {
  const folders = path.split('/').slice(0, -1).reverse();
  return folders.map((folder) => FOLDERS.get(folder)).find((name) => name !== undefined) ?? 'stories';
}

const SECONDS_OF_DAY = 86_400;

/**
 * Returns the id of an entry that is made of a document: the date, and a time and two letters that are computed from
 * the SHA-256 of the document. So the same document always gets the same id and is not imported twice.
 */
export function idOf(date: string, hash: string): string {
  const [first, second] = [Number.parseInt(hash.slice(0, 8), 16), Number.parseInt(hash.slice(8, 12), 16)];
  const seconds = first % SECONDS_OF_DAY;
  const time = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const letters = [second % 26, Math.floor(second / 26) % 26].map((letter) => String.fromCharCode(97 + letter));
  const digits = time.map((part) => String(part).padStart(2, '0')).join('');
  return `${date.replaceAll('-', '')}-${digits}${letters.join('')}`;
}

/** A photo of a document that is accepted, with the name of its file in the entry. */
export interface NamedPhoto {
  src: string;
  photo: WordPhoto;
}

/** Where the entry of a document is to be. */
export interface EntryPlace {
  collection: WordCollection;
  unit: string;
  /** Id of a story or an example. */
  id: string;
  /** Year of a summary; undefined if the document names none. */
  year: string | undefined;
}

/** Returns the path of the entry's file; undefined if it needs a year and there is none. */
export function fileAt({ collection, unit, id, year }: EntryPlace): string | undefined {
  const values = new Map([
    ['unit', unit],
    ['id', id],
    ['year', year ?? ''],
  ]);
  return entryFile(collection, (name) => values.get(name) ?? '');
}

/** Returns the text of the file of an entry that is made of a document. Fields that were not found are left out. */
export function entryText(story: WordStory, place: EntryPlace, photos: readonly NamedPhoto[]): string {
  const { collection, unit, id, year } = place;
  const data = new Map<string, unknown>(
    collection === 'summaries'
      ? [
          ['unit', unit],
          ['year', Number(year)],
        ]
      : [
          ['id', id],
          ['unit', unit],
        ],
  );
  for (const name of fieldNames) {
    const key = formKey(collection, name);
    const value = story.fields[name]?.value;
    if (key !== undefined && value !== undefined && name !== 'unit') data.set(key, value);
  }
  if (photos.length > 0) {
    const filled = photos.map(({ src, photo: { alt, caption, credit } }) =>
      Object.fromEntries(Object.entries({ src, alt, caption, credit }).filter(([, value]) => value !== '')),
    );
    data.set('photos', filled);
  }
  const yaml = new Document(Object.fromEntries(data), WRITING).toString({ lineWidth: 0 });
  return `---\n${yaml}---\n\n${story.body}\n`;
}
