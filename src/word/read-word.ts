// Reads a Word document (.docx) into the fields of an entry. Runs in browser, worker and Node: pure.
import { readDocument, type WordDocument } from './document/read-document.ts';
import { findStory } from './fields/find-story.ts';
import type { FieldName, Found, PhotoWords, SiteNames } from './fields/story.ts';
import { notesAbout, type LostPhotos } from './notes.ts';
import { WordRefused } from './package/refusal.ts';

/** A photo of a document with its words, which are guesses. The bytes are those that were inserted into Word. */
export interface WordPhoto extends Omit<PhotoWords, 'part'> {
  bytes: Uint8Array;
}

/** A document as the fields of an entry. `fields` lacks those that were not found. */
export interface WordStory {
  fields: Partial<Record<FieldName, Found>>;
  /** Markdown, in the part of it that the site shows: nothing that Markdown would read otherwise is in it. */
  body: string;
  photos: WordPhoto[];
  /** Sentences in Chinese about what was changed or left out. */
  notes: string[];
}

/** Returns the bytes of the photos; counts those that cannot be taken out. */
function extracted(document: WordDocument, photos: readonly PhotoWords[]): { photos: WordPhoto[]; lost: LostPhotos } {
  const lost: LostPhotos = { damaged: 0, oversized: 0 };
  const found = photos.flatMap(({ part, ...words }) => {
    try {
      const bytes = document.photo(part);
      return bytes ? [{ ...words, bytes }] : [];
    } catch (error) {
      if (!(error instanceof WordRefused)) throw error;
      if (error.refusal.code === 'bomb') lost.oversized += 1;
      else lost.damaged += 1;
      return [];
    }
  });
  return { photos: found, lost };
}

/**
 * Reads a .docx. `name` is the file's name; it only serves to name the kind of a refused file.
 * @throws WordRefused with a sentence in Chinese if the file is no .docx, cannot be read, or is blank.
 */
export function readWord(bytes: Uint8Array, name: string, site: SiteNames): WordStory {
  const document = readDocument(bytes, name);
  const story = findStory(document, site);
  const { photos, lost } = extracted(document, story.photos);
  const { fields, body } = story;
  const isBlank = Object.keys(fields).length === 0 && story.photos.length === 0 && story.leftOut.length === 0;
  if (body === '' && isBlank) {
    throw new WordRefused({
      code: 'no-text',
      what: '文档是空白的，没有文字也没有照片',
      remedy: '请打开看看，放写稿时的那个文档。',
    });
  }
  return { fields, body, photos, notes: notesAbout(document.losses, story, lost) };
}
