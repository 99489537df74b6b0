import { z } from 'zod';
import { parseDocumentFile } from '../../model/document.ts';
import { entryAt, type EntryAddress } from '../../model/entry-path.ts';
import { dateOfId, isDate } from '../../text/date.ts';
import { factsOf } from '../drafts/entry-title.ts';
import { tokensOf } from './entry-words.ts';

/** The file of an entry and its text. The text is undefined if there is no such file or it cannot be read. */
export interface EntryText {
  file: string;
  text: string | undefined;
}

/** The facts about an entry that the catalogue takes from the entry's text. Incomplete drafts lack some of them. */
export interface EntryDescription {
  title: string;
  unit: string | undefined;
  /** Id of the reporting period that the text names. Summaries name only a year. */
  period: string | undefined;
  /** Slugs of activities, sorted. */
  activities: string[];
  /** The entry's own date, YYYY-MM-DD; empty if there is none. */
  date: string;
  /** YYYY-MM-DD of the first publication. */
  published: string | undefined;
  /**
   * YYYY-MM-DD of the last publication, correction or withdrawal. If that was not recorded, the entry's own date; empty
   * if it has none.
   */
  changed: string;
  withdrawn: boolean;
  /** The reason of the withdrawal. */
  withdrawal: string | undefined;
  /** The author that the text names. */
  writer: string | undefined;
  /** Names in the text: the author, the proofreader, the photographers, the person or team of an example. */
  people: string[];
  /** Tokens for search: see `tokensOf`. */
  words: string;
}

const line = z.string().optional().catch(undefined);
const day = z.string().refine(isDate).optional().catch(undefined);
const described = z.object({
  name: line,
  author: line,
  proofreader: line,
  activity: line,
  activities: z.array(z.string().catch('')).catch([]),
  state: line,
  date: day,
  updated: day,
  signed: day,
  published: day,
  edits: z.array(z.object({ date: day }).catch({})).catch([]),
  withdrawn: z.object({ date: day, reason: line }).optional().catch(undefined),
  photos: z.array(z.object({ credit: line }).catch({})).catch([]),
});

/** Fields that the search ignores: their values are codes, keys or dates, or are written by the desk. */
const UNSEARCHED: ReadonlySet<string> = new Set([
  ...[
    'src',
    'consent',
    'consentUntil',
    'consentNote',
    'exemption',
    'kind',
    'state',
    'period',
    'date',
    'updated',
    'signed',
    'printed',
  ],
  ...['unit', 'coOrganisers', 'activity', 'activities', 'examples', 'story', 'photo', 'reporting'],
  ...['published', 'edits', 'withdrawn', 'generation'],
]);
/**
 * Greatest depth of nested lists and objects that is searched. The model's deepest texts are in fields of photos. The
 * limit stops recursion in hostile texts.
 */
const MOST_LEVELS = 4;

/** Yields all texts and numbers in an entry's data, except in fields of `UNSEARCHED`. */
function* textsIn(value: unknown, level = 0): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (typeof value === 'number') yield String(value);
  else if (typeof value === 'object' && value !== null && level < MOST_LEVELS) {
    for (const [key, inner] of Object.entries(value)) if (!UNSEARCHED.has(key)) yield* textsIn(inner, level + 1);
  }
}

/** Returns the date (YYYY-MM-DD) by which lists sort an entry, or an empty text. Agrees with `sortKeyOf`. */
function dateOf({ collection, key, parameters }: EntryAddress, data: z.output<typeof described>): string {
  switch (collection) {
    case 'stories':
      return data.date ?? '';
    case 'examples': {
      const begun = dateOfId(key);
      return isDate(begun) ? begun : '';
    }
    case 'summaries': {
      const end = `${parameters['year'] ?? ''}-12-31`;
      return isDate(end) ? end : '';
    }
    case 'wishes':
      return data.updated ?? '';
    case 'notices':
      return data.signed ?? '';
    default:
      return '';
  }
}

/**
 * Returns the description of an entry. If its text is missing or cannot be parsed, it is described as an empty entry.
 * @throws Error if `file` is not the path of an entry
 */
export function describeEntry({ file, text }: EntryText): EntryDescription {
  const address = entryAt(file);
  if (!address) throw new Error(`${file} is no entry's file.`);
  const document = text === undefined ? undefined : parseDocumentFile(file, text);
  const { data: raw, body } = document && 'data' in document ? document : { data: {}, body: '' };
  const data = described.catch({ activities: [], edits: [], photos: [] }).parse(raw);
  const { title, unit, period } = factsOf(raw);
  const { author, proofreader, photos, published, withdrawn } = data;
  const people = [author, proofreader, ...photos.map(({ credit }) => credit)];
  if (address.collection === 'examples') people.push(data.name);
  const lastEdit = data.edits.at(-1)?.date;
  const changes = [published, lastEdit, withdrawn?.date, data.updated].filter((one) => one !== undefined);
  const date = dateOf(address, data);
  return {
    title,
    unit,
    period,
    activities: [...new Set([data.activity, ...data.activities].filter((slug) => slug !== undefined && slug !== ''))]
      .filter((slug) => slug !== undefined)
      .sort(),
    date,
    published,
    changed: changes.sort().at(-1) ?? date,
    withdrawn: withdrawn !== undefined || (address.collection === 'wishes' && data.state === 'withdrawn'),
    withdrawal: withdrawn?.reason,
    writer: author === '' ? undefined : author,
    people: [...new Set(people.filter((name) => name !== undefined && name !== ''))].filter(
      (name) => name !== undefined,
    ),
    words: tokensOf([address.key, ...textsIn(raw), body].join('\n')),
  };
}
