// Runs in browser and Node: pure.

/** A unit as it may be named in a document: full name, short name and former names. */
export interface NamedUnit {
  code: string;
  name: string;
  short: string;
  aliases: readonly string[];
}

/** What the site says about itself, by which names in a document are recognised. */
export interface SiteNames {
  units: readonly NamedUnit[];
  /** Name of the federation, which may stand above the title. */
  organiser: string;
}

/** The value of a field that was found in a document. */
export interface Found {
  value: string;
  /** Whether the document says so outright, with a label for example. Otherwise the value is a guess. */
  sure: boolean;
  /** Where the value comes from, in Chinese, for example 落款. */
  from: string;
}

/** The fields of an entry that are looked for in a document. */
export const FIELD_LABELS = {
  title: '标题',
  unit: '单位',
  date: '日期',
  place: '地点',
  author: '撰稿',
  proofreader: '校对',
  summary: '摘要',
} as const;
export type FieldName = keyof typeof FIELD_LABELS;
export const fieldNames = [
  'title',
  'unit',
  'date',
  'place',
  'author',
  'proofreader',
  'summary',
] as const satisfies readonly FieldName[];

/** A photo of a document and the words that belong to it. Caption and credit are guesses; both may be empty. */
export interface PhotoWords {
  /** Name of the photo's part in the package. */
  part: string;
  caption: string;
  credit: string;
  alt: string;
  /** Whether Word showed only a section of the photo. The part contains the whole photo. */
  cropped: boolean;
}

/** What was found in a document. `unit` is the code of a unit, `date` is YYYY-MM-DD. */
export interface FoundStory {
  fields: Partial<Record<FieldName, Found>>;
  /** Markdown of all lines that were not recognised as something else. */
  body: string;
  photos: PhotoWords[];
  /** Lines that are neither in a field nor in the body, for example the heading of a form. */
  leftOut: string[];
  /** Number of pictures narrower than 3 cm, which are emblems and not photos. */
  smallPictures: number;
  /** Number of pictures that the document shows more than once, without the first time. */
  repeatedPictures: number;
}
