// What the Word reader finds in made documents of all kinds, field by field.
import { describe, expect, test } from 'vitest';
import type { FieldName } from '../../../src/word/fields/story.ts';
import { readWord, type WordStory } from '../../../src/word/read-word.ts';
import { formDocuments } from '../../fixtures/word/form-documents.ts';
import { officialDocuments } from '../../fixtures/word/official-documents.ts';
import { photoDocuments } from '../../fixtures/word/photo-documents.ts';
import { programDocuments } from '../../fixtures/word/program-documents.ts';
import { savedDocuments } from '../../fixtures/word/saved-documents.ts';
import { signedDocuments } from '../../fixtures/word/signed-documents.ts';
import { picture, SITE, type WordCase, type WordTruth } from '../../fixtures/word/word-case.ts';

const documents: readonly WordCase[] = [
  ...officialDocuments,
  ...formDocuments,
  ...photoDocuments,
  ...signedDocuments,
  ...programDocuments,
  ...savedDocuments,
];

/** A field of a document: what the document says, and what was found. */
interface Compared {
  field: string;
  said: unknown;
  found: unknown;
}

const FIELDS = ['title', 'unit', 'author', 'date', 'place'] as const satisfies readonly FieldName[];

/** Returns the fields that a document says, each with what was found; captions and credits one by one. */
function compared(truth: WordTruth, story: WordStory): Compared[] {
  const { captions = [], credits = [] } = truth;
  return [
    ...FIELDS.filter((name) => truth[name] !== undefined).map((name) => ({
      field: name,
      said: truth[name],
      found: story.fields[name]?.value,
    })),
    { field: 'photos', said: captions.length, found: story.photos.length },
    ...captions.map((said, index) => ({ field: 'caption', said, found: story.photos[index]?.caption })),
    ...credits.map((said, index) => ({ field: 'credit', said, found: story.photos[index]?.credit })),
    { field: 'body', said: truth.body, found: story.body },
  ];
}

test('There are at least 30 made documents, all different', () => {
  expect(new Set(documents.map(({ name }) => name)).size).toBe(documents.length);
  expect(documents.length).toBeGreaterThanOrEqual(30);
});

test.each(documents)('$name', ({ bytes, truth }) => {
  const story = readWord(bytes, 'x.docx', SITE);
  for (const { field, said, found } of compared(truth, story))
    expect({ field, value: found }).toEqual({ field, value: said });
  for (const name of FIELDS)
    if (truth[name] === undefined) expect([name, story.fields[name]]).toEqual([name, undefined]);
  const notes = truth.notes ?? [];
  expect(story.notes, story.notes.join('\n')).toHaveLength(notes.length);
  for (const note of notes) expect(story.notes.join('\n')).toContain(note);
});

test('All fields of all documents are found', () => {
  const all = documents.flatMap(({ bytes, truth }) => compared(truth, readWord(bytes, 'x.docx', SITE)));
  const right = all.filter(({ said, found }) => said === found);
  expect(all.length).toBeGreaterThan(300);
  expect(right.length).toBe(all.length);
});

describe('Photos', () => {
  test('have the bytes that were inserted', () => {
    const { bytes } = officialDocuments[0] ?? { bytes: new Uint8Array() };
    const { photos } = readWord(bytes, 'x.docx', SITE);
    expect(photos.map((photo) => photo.bytes)).toEqual([picture(1), picture(2)]);
  });

  test('say which of them was cropped, and their alternative text', () => {
    const { bytes } = photoDocuments.find(({ name }) => name.startsWith('a cropped picture')) ?? {
      bytes: new Uint8Array(),
    };
    const { photos } = readWord(bytes, 'x.docx', SITE);
    expect(photos.map(({ cropped, alt }) => ({ cropped, alt }))).toEqual([
      { cropped: true, alt: '站台' },
      { cropped: false, alt: '' },
    ]);
  });
});

describe('A value is sure only if the document says it outright', () => {
  const sureOf = (name: string): Record<string, boolean | undefined> => {
    const { bytes } = documents.find((one) => one.name.startsWith(name)) ?? { bytes: new Uint8Array() };
    const { fields } = readWord(bytes, 'x.docx', SITE);
    return Object.fromEntries(FIELDS.map((field) => [field, fields[field]?.sure]));
  };

  test.each([
    ['a form above the text', { title: true, unit: true, author: true, date: true, place: true }],
    ['a newspaper article', { title: true, unit: true, author: false, date: true, place: undefined }],
    ['a cropped picture', { title: true, unit: true, author: true, date: false, place: undefined }],
    ['a table of figures', { title: true, unit: false, author: true, date: false, place: undefined }],
    ['unit only by its short name', { title: true, unit: false, author: undefined, date: false, place: undefined }],
  ])('%s', (name, expected) => {
    expect(sureOf(name)).toEqual(expected);
  });
});
