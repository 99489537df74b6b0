import { withoutUnseen } from '../../model/comment.ts';
import { kindOf } from '../../photo/rules/file-kind.ts';
import { SHRUNK_BY_WORD } from '../../word/notes.ts';
import { guessLine, introduction } from '../../word/fields/guesses.ts';
import type { SiteNames } from '../../word/fields/story.ts';
import type { WordPhoto, WordStory } from '../../word/read-word.ts';
import { currentEditor } from '../backend/current-editor.ts';
import { photoTaker, type OfferedPhoto } from '../photos/photo-intake.ts';
import { fillForm, type FilledForm } from './fill-form.ts';
import { openForm, setFields } from './form.ts';
import { ImportRecord, importRecord, setImportRecord, wordCollectionOf } from './import-record.ts';
import { readInWorker, type ReadFailure } from './read-in-worker.ts';
import { mayReplace } from './replace-dialog.ts';
import { loadSiteNames } from './site-names.ts';

/** Endings of the files that photos of a document become. */
const ENDINGS = { jpeg: 'jpg', png: 'png', webp: 'webp', avif: 'avif' } as const;

/** Greatest number of characters of the comment that names what is to be checked, below the limit of 500 字. */
const MOST_COMMENT = 480;

/** A document that was read into the form. */
export interface Imported {
  file: string;
  filled: FilledForm;
  /** Number of photos that were given to the photo field. */
  photos: number;
  /** Puts back what was in the form before. */
  takeBack(): void;
}

/** Returns the words that are not empty: an empty one must not replace what the photo field fills in. */
function nonEmpty(words: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(words).filter(([, text]) => text !== ''));
}

/** Returns the photos of a document as files, named by the document and their position. */
function offered(photos: readonly WordPhoto[], file: string): OfferedPhoto[] {
  const stem = file.replace(/\.[^.]*$/u, '');
  return photos.map(({ bytes, caption, credit, alt }, index) => {
    const kind = kindOf(bytes);
    const [ending, type] =
      kind.is === 'photo' ? [ENDINGS[kind.format], `image/${kind.format}`] : ['bin', 'application/octet-stream'];
    const name = `${stem} 第 ${index + 1} 张.${ending}`;
    // Copied: the bytes may be part of a buffer that File does not take.
    return {
      file: new File([new Uint8Array(bytes)], name, { type }),
      words: nonEmpty({ caption, credit, alt }),
      ifTooSmall: SHRUNK_BY_WORD,
    };
  });
}

/** Returns the text of the comment that keeps what is to be checked. */
function commentText(file: string, { guesses, remarks }: FilledForm): string {
  const text = [introduction(file), guessLine(guesses), ...remarks].filter((line) => line !== '').join('\n');
  return [...withoutUnseen(text)].slice(0, MOST_COMMENT).join('').trim();
}

/** Puts a document into the form that is open. Resolves to undefined if the person does not want that. */
async function putIntoForm(
  story: WordStory,
  file: string,
  { opening, site }: { opening: string; site: SiteNames },
): Promise<Imported | undefined> {
  const form = openForm();
  const collection = wordCollectionOf(form?.collection ?? '');
  if (!form || form.opening !== opening || !collection) return undefined;
  const textOf = (key: string): string => {
    const value = form.data.get(key);
    return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  };
  const isFiled = form.path !== '';
  const filled = fillForm(story, file, { collection, isFiled, textOf, editor: currentEditor(), site });
  if (filled.replaced.length > 0 && !(await mayReplace(file, filled.replaced))) return undefined;
  const recordBefore = importRecord();
  const keys = [...filled.values.keys(), 'photos'];
  const before = new Map(keys.map((key) => [key, form.data.get(key)] as const));
  setFields(filled.values);
  const now = openForm();
  if (!now) return undefined;
  const record = new ImportRecord(now, filled.guesses, commentText(file, filled));
  // A comment about an earlier document gives way to that of this one.
  record.stored = recordBefore?.stored;
  setImportRecord(record);
  const photos = collection === 'summaries' ? [] : offered(story.photos, file);
  photoTaker()?.add(photos);
  return {
    file,
    filled,
    photos: photos.length,
    takeBack() {
      photoTaker()?.cancel();
      setFields(before);
      setImportRecord(recordBefore);
    },
  };
}

/**
 * Reads a document into the form that is open. Asks before it replaces what is there. Resolves to what was read, to why
 * the file was refused, or to undefined if the person does not want to replace.
 * @throws DeskError if the desk cannot be reached; the reason of `signal` if it is aborted.
 */
export async function importWord(file: File, signal: AbortSignal): Promise<Imported | ReadFailure | undefined> {
  if ((photoTaker()?.left() ?? 0) > 0) return { what: '照片还在上传', remedy: '请等它传完，再从 Word 导入。' };
  const opening = openForm()?.opening ?? '';
  const site = await loadSiteNames();
  const read = await readInWorker(file, site, signal);
  return 'what' in read ? read : putIntoForm(read, file.name, { opening, site });
}
