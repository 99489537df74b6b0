// Runs in Node: pure.
import dictionary from 'opencc-js/dict/TSCharacters';
import { halfWidth, simplifier, unified } from '../../text/text-variants.ts';

/** The attributes within a tag; values may contain `>`. */
const ATTRIBUTES = `(?:"[^"]*"|'[^']*'|[^"'>])*`;
const TAG = new RegExp(`<(/?)([a-z][a-z0-9]*)(${ATTRIBUTES})>`, 'gu');
const COMMENT = /<!--[\s\S]*?-->/gu;
/** Elements without an end tag (HTML Standard, void elements) that occur in pages. */
const VOID = new Set(['br', 'hr', 'img', 'input', 'meta', 'source', 'wbr']);
/**
 * Elements whose content is not indexed, images included, because Pagefind would index their alternative text. No word
 * ends at an optional line break (`wbr`).
 */
const UNREAD = new Set(['img', 'meta', 'picture', 'script', 'source', 'style', 'svg', 'template', 'wbr']);
const IGNORED = /\sdata-pagefind-ignore\b/u;
const TITLE = /\sdata-pagefind-meta="title"/u;
/** Elements within a line of text. */
const INLINE = /<\/?(?:a|code|em|s|small|span|strong|time)>/gu;

/** Han characters and Chinese punctuation, between which a line break in Markdown is not a space. */
const CHINESE = '[\\p{Script=Han}\\u2014\\u2018-\\u201D\\u2026\\u3001-\\u301F\\uFF01-\\uFF0F\\uFF1A-\\uFF20]';
const LINE_BREAK = new RegExp(`(?<=${CHINESE})[ \\t]*\\n[ \\t]*(?=${CHINESE})`, 'gu');

/**
 * The position after a mark that Pagefind considers part of a number, like the comma in 1,000 (Unicode Standard Annex
 * 29, MidNum): in Chinese it separates two numbers, and 8，3月 contains an 8.
 */
const BETWEEN_NUMBERS = /(?<=\p{N}[，；．’])(?=\p{N})/gu;
/** Separates words and is invisible. */
const WORD_EDGE = '\u200B';

const simplified = simplifier(dictionary);

/** Returns a text in the normal form that queries have. */
function formed(text: string): string {
  return simplified(halfWidth(unified(text)));
}

/**
 * Returns the name that an element is written with. The title of an entry becomes a heading, whatever it is on its
 * page, and a fact a paragraph, because Pagefind 1.6.0 joins the `dd` elements of a list.
 */
function nameOf(name: string, attributes: string): string {
  if (TITLE.test(attributes)) return 'h1';
  return name === 'dd' ? 'p' : name;
}

/**
 * Returns the part of an entry's HTML that is indexed: text in normal form, in blocks without attributes. It stays the
 * same as long as nothing that can be found changes. Parts with `data-pagefind-ignore`, photos, icons and the tags of
 * elements within a line are left out: no word or number ends at these tags.
 */
export function readablePart(entry: string): string {
  const html = entry.replace(COMMENT, '');
  let part = '';
  let at = 0;
  /** Open elements, by the names that they are written with. */
  const open: string[] = [];
  /** Number of open elements at the start of the part that is being left out. */
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

/** Returns the text of a piece of HTML, each block on a separate line. */
export function plainText(html: string): string {
  return html
    .replace(INLINE, '')
    .replace(TAG, '\n')
    .replace(ENTITY, (written: string, code?: string, name?: string) =>
      code === undefined ? (ENTITIES[name ?? ''] ?? written) : String.fromCodePoint(Number(code.replace(/^x/iu, '0x'))),
    );
}
