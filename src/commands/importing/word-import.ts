import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { dateInChina } from '../../desk/domain/china-time.ts';
import { entryRefAt, type EntryRef } from '../../desk/domain/entry-ref.ts';
import { FolderSource } from '../../library/content/folder-source.ts';
import { commentText, withoutUnseen } from '../../model/comment.ts';
import { entryFileOf } from '../../model/entry-path.ts';
import { findingLine, isWaivable } from '../../photo/rules/finding.ts';
import { kindOf } from '../../photo/rules/file-kind.ts';
import { missingIn, withoutField, yearOfSummary } from '../../word/fields/form-keys.ts';
import { guessesIn, guessLine, introduction } from '../../word/fields/guesses.ts';
import { fieldNames, type Found, type SiteNames } from '../../word/fields/story.ts';
import { unitByShortName, unitIn } from '../../word/fields/units.ts';
import { SHRUNK_BY_WORD } from '../../word/notes.ts';
import { WordRefused } from '../../word/package/refusal.ts';
import { readWord, type WordPhoto, type WordStory } from '../../word/read-word.ts';
import type { ImportTarget } from './import-target.ts';
import { collectionOf, entryText, fileAt, idOf, type EntryPlace, type NamedPhoto } from './word-entry.ts';

/** The result of importing one document. `line` is the line of the report, in Chinese. */
export interface ImportedDocument {
  outcome: 'draft' | 'skipped';
  line: string;
}

/** Files that are documents, or that people take for documents: each gets a line in the report. */
const DOCUMENT = /\.(?:docx?|docm|wps|wpt|rtf|odt|pdf)$/iu;

/**
 * Returns the documents among the paths below a folder, sorted. Word's own lock files (`~$…`) and files beside an entry
 * are none.
 */
export function documentsIn(paths: readonly string[]): string[] {
  const known = new Set(paths);
  return paths
    .filter((path) => DOCUMENT.test(path) && !/(?:^|\/)~\$[^/]*$/u.test(path))
    .filter((path) => !known.has(entryFileOf(path) ?? ''))
    .sort();
}

/**
 * Returns a sentence about the files below a folder that are neither documents nor entries, counted by their endings;
 * '' if there are none. Hidden files and Word's lock files do not count.
 */
export function otherFiles(paths: readonly string[]): string {
  const documents = new Set(documentsIn(paths));
  const others = paths.filter(
    (path) => !documents.has(path) && entryFileOf(path) === undefined && !/(?:^|\/)(?:\.|~\$)/u.test(path),
  );
  const counts = new Map<string, number>();
  for (const path of others) {
    const ending = /\.[^./]+$/u.exec(path)?.[0].toLowerCase() ?? '没有扩展名';
    counts.set(ending, (counts.get(ending) ?? 0) + 1);
  }
  const words = [...counts].map(([ending, count]) => `${count} 个 ${ending}`);
  return words.length === 0
    ? ''
    : `文件夹里另有 ${others.length} 个文件不是 Word 文档，没有导入：${words.join('、')}。`;
}

/** Number of characters of a comment: below the limit of 500 字 for a comment, whatever the characters are. */
const MOST_COMMENT = 480;
const NAME_LENGTH = 20;
const ENDINGS = { jpeg: 'jpg', png: 'png', webp: 'webp', avif: 'avif' } as const;

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Returns the unit that the folders above a document name, the innermost first, as a guess. */
function unitOfFolders(path: string, { units }: SiteNames): Found | undefined {
  const folders = path.split('/').slice(0, -1).reverse();
  for (const folder of folders) {
    const unit =
      units.find(({ code }) => code === folder) ?? unitIn(folder, units)?.unit ?? unitByShortName(folder, units);
    if (unit) return { value: unit.code, sure: false, from: '文件夹的名称' };
  }
  return undefined;
}

/** Divides a text into pieces that a comment can have. */
function commentsOf(text: string): string[] {
  const characters = [...commentText(withoutUnseen(text))];
  const pieces: string[] = [];
  for (let at = 0; at < characters.length; at += MOST_COMMENT) {
    pieces.push(characters.slice(at, at + MOST_COMMENT).join(''));
  }
  return pieces;
}

/** Imports the documents of a folder, one by one. */
export class WordImport {
  readonly #folder: string;
  readonly #target: ImportTarget;
  readonly #site: SiteNames;
  /** Paths of the documents so far, by the SHA-256 of what they say. */
  readonly #contents = new Map<string, string>();

  /** @param folder the folder with the documents. */
  constructor(folder: string, target: ImportTarget, site: SiteNames) {
    this.#folder = folder;
    this.#target = target;
    this.#site = site;
  }

  /**
   * Imports a document as a draft. What has to be checked becomes a comment on the draft. Nothing is overwritten: a
   * document that was imported before is skipped.
   * @param path path of the document below the folder.
   */
  async import(path: string): Promise<ImportedDocument> {
    const skipped = (why: string): ImportedDocument => ({ outcome: 'skipped', line: `－ ${path}：${why}` });
    const bytes = await readFile(join(this.#folder, path)).catch(() => undefined);
    if (!bytes) return skipped('读不到这个文件，没有导入。请检查读取权限。');
    const read = this.#read(bytes, path);
    if (typeof read === 'string') return skipped(read);
    const unit = read.fields.unit ?? unitOfFolders(path, this.#site);
    if (unit === undefined) {
      return skipped('认不出是哪个单位的稿件，没有导入。请把它放进以单位名称命名的文件夹，再导入一次。');
    }
    const story = { ...read, fields: { ...read.fields, unit } };
    const date = story.fields.date?.value ?? dateInChina((await stat(join(this.#folder, path))).mtimeMs);
    const place: EntryPlace = {
      collection: collectionOf(path),
      unit: unit.value,
      id: idOf(date, sha256(bytes)),
      year: yearOfSummary(story.fields, path),
    };
    const file = fileAt(place);
    if (file === undefined) return skipped('看不出是哪一年的总结，没有导入。请在文件名里写上年份，再导入一次。');
    const ref = entryRefAt(file);
    const twin = this.#twinOf(path, story, unit.value);
    if (twin !== undefined) return skipped(`与“${twin}”的内容完全一样，没有再导入。`);
    if (await this.#target.isPublished(ref)) return skipped('同一篇已经发布，没有动。');
    if (await this.#target.hasDraft(ref)) return skipped('编辑台里已经有它的草稿，没有动。');
    return this.#save(path, story, place, ref);
  }

  /** Returns the path of a document of this import with the same texts and photos for the same unit. */
  #twinOf(path: string, { fields, body, photos }: WordStory, unit: string): string | undefined {
    const values = fieldNames.map((name) => fields[name]?.value ?? '');
    const hashes = photos.map(({ bytes, caption, credit }) => [sha256(bytes), caption, credit]);
    const content = sha256(new TextEncoder().encode(JSON.stringify([collectionOf(path), unit, values, body, hashes])));
    const twin = this.#contents.get(content);
    if (twin === undefined) this.#contents.set(content, path);
    return twin;
  }

  /** Reads a document. Returns a sentence if it is refused. */
  #read(bytes: Uint8Array, path: string): WordStory | string {
    try {
      return readWord(bytes, path.slice(path.lastIndexOf('/') + 1), this.#site);
    } catch (error) {
      if (!(error instanceof WordRefused)) throw error;
      return `没有导入：${error.message}`;
    }
  }

  async #save(path: string, story: WordStory, place: EntryPlace, ref: EntryRef): Promise<ImportedDocument> {
    // The entry is laid out as a content folder and imported as any other.
    const work = mkdtempSync(join(tmpdir(), 'word-import-'));
    try {
      const folder = join(work, dirname(ref.file));
      mkdirSync(folder, { recursive: true });
      const { accepted, remarks } = await this.#acceptPhotos(story.photos, place, ref, folder);
      writeFileSync(join(work, ref.file), entryText(story, place, accepted));
      const guesses = guessesIn(story.fields, accepted.length > 0);
      const missing = missingIn(story.fields, place.collection);
      const lines = [
        ...(guesses.length > 0 ? [guessLine(guesses)] : []),
        ...(missing.length > 0 ? [`文档里没有找到：${missing.join('、')}。`] : []),
        ...withoutField(story.fields, place.collection),
        ...remarks,
        ...story.notes,
      ];
      // Before the draft: an import that is killed in between leaves no draft whose guesses are not marked.
      const removeComments = this.#target.comment(ref, commentsOf([introduction(path), ...lines].join('\n')));
      const [imported] = await this.#target.importEntries(new FolderSource(work));
      if (imported?.outcome !== 'draft') {
        removeComments();
        return { outcome: 'skipped', line: `－ ${path}：${imported?.reason ?? '与已发布的一样，不用导入。'}` };
      }
      return { outcome: 'draft', line: `＋ ${path} → ${ref.file}：已成为草稿。${lines.join('')}` };
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
  }

  /**
   * Judges photos by the rules for uploads and writes those that a draft may have into the entry's folder. `remarks`
   * are sentences about photos with findings.
   */
  async #acceptPhotos(
    photos: readonly WordPhoto[],
    { collection }: EntryPlace,
    ref: EntryRef,
    folder: string,
  ): Promise<{ accepted: NamedPhoto[]; remarks: string[] }> {
    if (collection === 'summaries') {
      const remarks = photos.length > 0 ? [`年度总结没有“照片”一栏：${photos.length} 张照片没有导入。`] : [];
      return { accepted: [], remarks };
    }
    const accepted: NamedPhoto[] = [];
    const remarks: string[] = [];
    for (const [index, photo] of photos.entries()) {
      const hash = sha256(photo.bytes);
      const kind = kindOf(photo.bytes);
      const src = `${hash.slice(0, NAME_LENGTH)}.${kind.is === 'photo' ? ENDINGS[kind.format] : 'bin'}`;
      const file = join(folder, src);
      writeFileSync(file, photo.bytes);
      const verdict = await this.#target.judge({ file, hash }, ref);
      const findings = 'findings' in verdict ? verdict.findings : [];
      const isRefused =
        'erased' in verdict || findings.some((finding) => finding.level === 'error' && !isWaivable(finding));
      if (isRefused) rmSync(file);
      else accepted.push({ src, photo });
      const what = 'erased' in verdict ? [`已彻底删除过（${verdict.erased}），不能再用。`] : findings.map(findingLine);
      if (findings.some(({ code }) => code === 'too-small')) what.push(SHRUNK_BY_WORD);
      if (what.length > 0) remarks.push(`照片 ${index + 1}${isRefused ? '没有导入' : ''}：${what.join('')}`);
    }
    return { accepted, remarks };
  }
}
