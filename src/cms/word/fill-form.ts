import { mayWriteFor, type EditorPosition } from '../../model/roles.ts';
import { countBody } from '../../model/rules.ts';
import { formKey, missingIn, withoutField, yearOfSummary, type WordCollection } from '../../word/fields/form-keys.ts';
import { GUESS_LABELS, guessesIn, type Guess } from '../../word/fields/guesses.ts';
import { fieldNames, type FieldName, type SiteNames } from '../../word/fields/story.ts';
import type { WordStory } from '../../word/read-word.ts';

/** The form that a document is read into. */
export interface FormToFill {
  collection: WordCollection;
  /** Whether the entry was saved: unit and year, which are parts of its path, can no longer change. */
  isFiled: boolean;
  /** Returns the text of a field of the form; empty if the field is empty. */
  textOf(key: string): string;
  editor: EditorPosition;
  site: SiteNames;
}

/** A document as values of a form. */
export interface FilledForm {
  /** The new values of fields that change, by key. */
  values: ReadonlyMap<string, unknown>;
  /** Names of fields that get a value, in Chinese. */
  found: string[];
  /** Names of fields that neither the document nor the form says, in Chinese. */
  missing: string[];
  /** Names of fields whose text is replaced by another one, in Chinese. */
  replaced: string[];
  guesses: Guess[];
  /** Sentences in Chinese about what was left out or changed. */
  remarks: string[];
}

/** Returns why the unit of a document is not taken over, as a sentence; undefined if it is. */
function unitRemark(unit: string, { isFiled, textOf, editor, site }: FormToFill): string | undefined {
  const nameOf = (code: string): string => site.units.find((one) => one.code === code)?.name ?? code;
  if (isFiled) {
    const own = textOf('unit');
    return unit === own ? undefined : `文档里的单位是“${nameOf(unit)}”；这一篇已经存在“${nameOf(own)}”名下，没有改。`;
  }
  if (mayWriteFor(editor, unit)) return undefined;
  return `文档里的单位是“${nameOf(unit)}”；您只能为本单位写稿，单位没有改。请看看是不是拿错了文档。`;
}

/** Returns the values of a document for a form, and what is to be said about them. Changes nothing. */
export function fillForm({ fields, body, photos, notes }: WordStory, name: string, form: FormToFill): FilledForm {
  const { collection, isFiled, textOf } = form;
  const values = new Map<string, unknown>();
  const found: string[] = [];
  const replaced: string[] = [];
  const remarks: string[] = [];
  const taken: Partial<typeof fields> = {};
  const set = (key: string, label: string, value: string): void => {
    found.push(label);
    const before = textOf(key);
    if (before === value) return;
    values.set(key, value);
    if (before !== '') replaced.push(key === 'body' ? `${label}（${countBody(before)} 字）` : label);
  };
  const take = (field: FieldName): void => {
    const [key, value] = [formKey(collection, field), fields[field]];
    if (key === undefined || !value) return;
    const remark = field === 'unit' ? unitRemark(value.value, form) : undefined;
    if (remark !== undefined) remarks.push(remark);
    else if (field !== 'unit' || !isFiled) {
      taken[field] = value;
      set(key, GUESS_LABELS[field], value.value);
    }
  };
  fieldNames.forEach(take);
  if (collection === 'summaries' && !isFiled) {
    const year = yearOfSummary(fields, name);
    if (year !== undefined && textOf('year') === '') {
      values.set('year', Number(year));
      found.push('年度');
      remarks.push(`年度按文档的标题、文件名或日期写成了 ${year}：保存以后不能改，请先核对。`);
    }
  }
  if (body !== '') set('body', '正文', body);
  const hasPhotos = photos.length > 0 && collection !== 'summaries';
  if (photos.length > 0 && !hasPhotos) remarks.push(`年度总结没有“照片”一栏：${photos.length} 张照片没有读入。`);
  return {
    values,
    found,
    missing: missingIn(fields, collection, (key) => textOf(key) !== ''),
    replaced,
    guesses: guessesIn(taken, hasPhotos),
    remarks: [...remarks, ...withoutField(fields, collection), ...notes],
  };
}
