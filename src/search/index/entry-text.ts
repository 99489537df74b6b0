// Runs in Node: pure.
import dictionary from 'opencc-js/dict/TSCharacters';
import { halfWidth, simplifier, unified } from '../shared/text-variants.ts';

/** The attributes within a tag; values may hold `>`. */
const ATTRIBUTES = `(?:"[^"]*"|'[^']*'|[^"'>])*`;
const TAG = new RegExp(`<(/?)([a-z][a-z0-9]*)(${ATTRIBUTES})>`, 'gu');
const COMMENT = /<!--[\s\S]*?-->/gu;
/** Elements without an end tag (HTML Standard, void elements), as far as pages have them. */
const VOID = new Set(['br', 'hr', 'img', 'input', 'meta', 'source', 'wbr']);
/**
 * What is not read as text; the alternative text of a photo neither: Pagefind would index it. Where a line may break
 * (`wbr`), no word ends.
 */
const UNREAD = new Set(['img', 'meta', 'picture', 'script', 'source', 'style', 'svg', 'template', 'wbr']);
const IGNORED = /\sdata-pagefind-ignore\b/u;
const TITLE = /\sdata-pagefind-meta="title"/u;
/** Elements within a line of text. */
const INLINE = /<\/?(?:a|code|em|s|small|span|strong|time)>/gu;

/** Han characters and the marks of Chinese text, between which a line break in Markdown is no space. */
const CHINESE = '[\\p{Script=Han}\\u2014\\u2018-\\u201D\\u2026\\u3001-\\u301F\\uFF01-\\uFF0F\\uFF1A-\\uFF20]';
const LINE_BREAK = new RegExp(`(?<=${CHINESE})[ \\t]*\\n[ \\t]*(?=${CHINESE})`, 'gu');

/**
 * After a mark that Pagefind takes for a part of a number, like the comma in 1,000 (Unicode Standard Annex 29, MidNum):
 * in Chinese it is a comma or stop between two, and 8，3月 holds an 8.
 */
const BETWEEN_NUMBERS = /(?<=\p{N}[，；．’])(?=\p{N})/gu;
/** Parts words and is not seen. */
const WORD_EDGE = '\u200B';

const simplified = simplifier(dictionary);

/** A text in the forms that are searched for. */
function formed(text: string): string {
  return simplified(halfWidth(unified(text)));
}

/**
 * The name that an element is given: the title of an entry is a heading, whatever it is on its page, and a fact a
 * paragraph, for Pagefind 1.6.0 runs the `dd` of a list together.
 */
function nameOf(name: string, attributes: string): string {
  if (TITLE.test(attributes)) return 'h1';
  return name === 'dd' ? 'p' : name;
}

/**
 * Returns what of an entry's HTML is read: text in the forms that are searched for, in blocks without attributes. So it is
 * the same as long as nothing that can be found changes. Parts with `data-pagefind-ignore`, photos and icons are left out,
 * and the tags of elements within a line: no word or number ends at them.
 */
export function readablePart(entry: string): string {
  const html = entry.replace(COMMENT, '');
  let part = '';
  let at = 0;
  /** Elements that are open: what they are written as. */
  const open: string[] = [];
  /** How many elements were open where the part begins that is left out. */
  let outside: number | undefined;
  for (const tag of html.matchAll(TAG)) {
    const [written, end, name = '', attributes = ''] = tag;
    if (outside === undefined) part += formed(html.slice(at, tag.index));
    at = tag.index + written.length;
    if (end !== '') {
      const closed = open.pop() ?? name;
      if (outside === undefined) part += `</${closed}>`;
      else if (open.length === outside) outside = undefined;
      continue;
    }
    const unread = UNREAD.has(name) || IGNORED.test(attributes);
    const single = VOID.has(name) || attributes.endsWith('/');
    if (outside === undefined && !unread) part += `<${nameOf(name, attributes)}>`;
    if (single) continue;
    if (outside === undefined && unread) outside = open.length;
    open.push(nameOf(name, attributes));
  }
  if (outside === undefined) part += formed(html.slice(at));
  return part.replace(INLINE, '').replace(LINE_BREAK, '').replace(BETWEEN_NUMBERS, WORD_EDGE);
}

const ENTITY = /&(?:#(\d+|x[\da-f]+)|([a-z]+));/giu;
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

/** What a piece of HTML says, each block on a line of its own. */
export function plainText(html: string): string {
  return html
    .replace(INLINE, '')
    .replace(TAG, '\n')
    .replace(ENTITY, (written: string, code?: string, name?: string) =>
      code === undefined ? (ENTITIES[name ?? ''] ?? written) : String.fromCodePoint(Number(code.replace(/^x/iu, '0x'))),
    );
}
