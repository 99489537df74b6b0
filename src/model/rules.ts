// Runs in browser and Node: pure.
import { z } from 'zod';
import { countCharacters } from '../text/count.ts';
import { plainText } from '../text/markdown.ts';
import { collections, type EntryData } from './collections/collections.ts';
import type { ParsedDocument } from './document.ts';
import { repeatedParameters, type EntryAddress } from './entry-path.ts';
import { faultsOf, type Fault, type Verdict } from './fault.ts';
import type { CollectionName } from './fields/collection-names.ts';
import { remarkRepeatedWords } from './repeated-words.ts';
import { formOf } from './fields/field.ts';

/** Limits for photos and text lengths that the site's settings set for all entries. */
export type Limits = Pick<EntryData<'site'>, 'photo' | 'textLimit'>;

/**
 * Limits that the notice (通知文件) sets: sides of a photo in pixels, number of photos, and length of a body in 字. Used
 * while there are no published settings.
 */
export const noticeLimits: Limits = { photo: { longSide: 1920, shortSide: 1080, min: 2, max: 3 }, textLimit: 2000 };

/** Returns the 字数 of a Markdown body, counted in the text that a reader sees. */
export function countBody(body: string): number {
  return countCharacters(plainText(body));
}

const PICTURE_MARK = /!\[|\]\(?/gu;

/**
 * Returns whether a body has a picture, `![…](…)`. Searches in one pass: a regular expression for a whole picture takes
 * half a second if `![` occurs 25,000 times.
 */
function hasPicture(body: string): boolean {
  const end = body.lastIndexOf(')');
  let isOpen = false;
  for (const { 0: mark, index } of body.matchAll(PICTURE_MARK)) {
    if (isOpen && mark === '](' && index < end) return true;
    isOpen = mark === '![';
  }
  return false;
}

/**
 * Returns the faults of a body: longer than the limit, empty, or with pictures. Returns none if the collection has no
 * body.
 */
export function judgeBody(file: string, name: CollectionName, body: string, limits: Limits): Fault[] {
  const collection = collections[name];
  if (!('body' in collection)) return [];
  const { label, limited } = collection.body;
  const place = { file, field: 'body', label };
  const faults: Fault[] = [];
  const count = countBody(body);
  if (count === 0) faults.push({ ...place, what: `缺少${label}`, remedy: `请写上${label}。` });
  if (limited && count > limits.textLimit) {
    const over = count - limits.textLimit;
    const what = `${label}有 ${count} 字，超过上限 ${limits.textLimit} 字`;
    faults.push({ ...place, what, remedy: `请删减 ${over} 字。` });
  }
  if (hasPicture(body)) {
    faults.push({ ...place, what: `${label}里插了图片`, remedy: '请把图片放到“照片”一栏，正文只留文字。' });
  }
  return faults;
}

/**
 * The fields of a story or example for the rules on the number of photos, on repeated photos, and on the proofreader.
 * The schema accepts every value of these fields, so that these rules apply even if other rules are broken.
 */
const photographedData = z.object({
  photos: z
    .array(
      z
        .object({
          src: z.string().optional().catch(undefined),
          withdrawn: z.looseObject({}).optional().catch(undefined),
        })
        .catch({}),
    )
    .catch([]),
  author: z.string().optional().catch(undefined),
  proofreader: z.string().optional().catch(undefined),
});

/**
 * Checks the number of photos. Withdrawn photos do not count. Too few photos are only a remark while the withdrawn ones
 * would make up the number: the entry stays published until they are replaced.
 */
export function judgePhotoCount(
  file: string,
  { shown, withdrawn }: { shown: number; withdrawn: number },
  { min, max }: Limits['photo'],
): Verdict {
  const place = { file, field: 'photos', label: '照片' };
  if (shown < min && withdrawn > 0 && shown + withdrawn >= min) {
    const what = shown === 0 ? '照片都已撤下，没有照片可以显示' : `撤下照片以后只剩 ${shown} 张`;
    const remedy = `网页照常显示；请补上高清照片，凑够 ${min}–${max} 张。`;
    return { faults: [], remarks: [{ ...place, what, remedy }] };
  }
  if (shown >= min && shown <= max) return { faults: [], remarks: [] };
  const what = shown === 0 ? '缺少照片' : `有 ${shown} 张照片`;
  return { faults: [{ ...place, what, remedy: `请附 ${min}–${max} 张高清照片。` }], remarks: [] };
}

function judgePhotographed(file: string, data: unknown, limits: Limits): Verdict {
  const parsed = photographedData.safeParse(data);
  if (!parsed.success) return { faults: [], remarks: [] };
  const { photos, author, proofreader } = parsed.data;
  const withdrawn = photos.filter((photo) => photo.withdrawn !== undefined).length;
  const counted = judgePhotoCount(file, { shown: photos.length - withdrawn, withdrawn }, limits.photo);
  const faults = [...counted.faults];
  photos.forEach(({ src }, index) => {
    if (src === undefined || photos.findIndex((photo) => photo.src === src) === index) return;
    const what = `第 ${index + 1} 张照片与前面的是同一个文件`;
    faults.push({ file, field: `photos.${index}.src`, label: '照片文件', what, remedy: '请换一张不同的照片。' });
  });
  if (author !== undefined && author === proofreader) {
    const remedy = '请由另一个人校对，并写上他或她。';
    faults.push({ file, field: 'proofreader', label: '校对', what: '校对与撰稿相同', remedy });
  }
  return { faults, remarks: [...counted.remarks, ...remarkRepeatedWords(file, data)] };
}

function judgeSettings(file: string, data: unknown): Fault[] {
  const parsed = z.object({ photo: z.object({ min: z.number(), max: z.number() }) }).safeParse(data);
  if (!parsed.success || parsed.data.photo.min <= parsed.data.photo.max) return [];
  const remedy = '请改成不小于最少张数的数字。';
  return [{ file, field: 'photo.max', label: '最多张数', what: '最多张数小于最少张数', remedy }];
}

/**
 * Returns a fault for each field that contradicts the path of the entry's file. A folder in the path repeats the value
 * of such a field, and both values must be the same.
 */
function judgeAddress(address: EntryAddress, data: unknown): Fault[] {
  const fields = new Map(Object.entries(typeof data === 'object' && data !== null ? data : {}));
  const shape = new Map(Object.entries<z.core.$ZodType>(collections[address.collection].schema.shape));
  return repeatedParameters(address).flatMap(([name, folder]) => {
    const value = fields.get(name);
    const field = shape.get(name);
    if (value === undefined || field === undefined || String(value) === folder) return [];
    const { label } = formOf(field);
    const what = `${label}写的是“${String(value)}”，所在文件夹是“${folder}”`;
    return [{ file: address.file, field: name, label, what, remedy: '两者必须相同：请改正其中一个。' }];
  });
}

/** Schema of an entry of any collection. The name of the collection decides the type of `data`. */
const entrySchema = z.discriminatedUnion('collection', [
  z.object({ collection: z.literal('activities'), data: collections.activities.schema }),
  z.object({ collection: z.literal('units'), data: collections.units.schema }),
  z.object({ collection: z.literal('stories'), data: collections.stories.schema }),
  z.object({ collection: z.literal('examples'), data: collections.examples.schema }),
  z.object({ collection: z.literal('summaries'), data: collections.summaries.schema }),
  z.object({ collection: z.literal('wishes'), data: collections.wishes.schema }),
  z.object({ collection: z.literal('notices'), data: collections.notices.schema }),
  z.object({ collection: z.literal('site'), data: collections.site.schema }),
]);

/** An entry whose data fits the schema of its collection. */
export type Entry = z.output<typeof entrySchema>;

/** Returns an entry that was stored as JSON; undefined if it no longer fits the model. */
export function entryFromJson(value: unknown): Entry | undefined {
  const parsed = entrySchema.safeParse(value);
  return parsed.success ? parsed.data : undefined;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Checks a file by every rule that needs neither other entries nor the files of photos. Returns all faults and remarks.
 * `entry` is set if the data fits the schema, even if other rules are broken; otherwise it is undefined.
 */
export function judgeDocument(
  address: EntryAddress,
  document: ParsedDocument,
  limits: Limits,
): Verdict & { entry: Entry | undefined } {
  const { collection, file } = address;
  // Front matter without fields is read as null: every field is missing then.
  const data = isObject(document.data) ? document.data : {};
  const photographed =
    collection === 'stories' || collection === 'examples'
      ? judgePhotographed(file, data, limits)
      : { faults: [], remarks: [] };
  const parsed = entrySchema.safeParse({ collection, data });
  const schemaFaults = parsed.success
    ? []
    : faultsOf(file, z.object({ data: collections[collection].schema }), parsed.error);
  const faults = [
    ...schemaFaults.map((fault) => ({ ...fault, field: fault.field.replace(/^data\.?/u, '') })),
    ...judgeAddress(address, data),
    ...photographed.faults,
    ...(collection === 'site' ? judgeSettings(file, data) : []),
    ...judgeBody(file, collection, document.body, limits),
  ];
  return { entry: parsed.success ? parsed.data : undefined, faults, remarks: photographed.remarks };
}
