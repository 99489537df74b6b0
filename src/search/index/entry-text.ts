// Runs in Node: pure.
import dictionary from 'opencc-js/dict/TSCharacters';
import { halfWidth, simplifier, unified } from '../../text/text-variants.ts';

/** Matches the attributes within a tag. Values in quotes may contain `>`. */
const ATTRIBUTES = `(?:"[^"]*"|'[^']*'|[^"'>])*`;
const TAG = new RegExp(`<(/?)([a-z][a-z0-9]*)(${ATTRIBUTES})>`, 'gu');
const COMMENT = /<!--[\s\S]*?-->/gu;
/** Elements without an end tag (HTML Standard, void elements) that occur in pages. */
const VOID = new Set(['br', 'hr', 'img', 'input', 'meta', 'source', 'wbr']);
/**
 * Elements that are left out with their content. Pagefind would otherwise index the alternative text of images. `wbr`,
 * an optional line break, is left out because no word ends there.
 */
const UNREAD = new Set(['img', 'meta', 'picture', 'script', 'source', 'style', 'svg', 'template', 'wbr']);
const IGNORED = /\sdata-pagefind-ignore\b/u;
const TITLE = /\sdata-pagefind-meta="title"/u;
/** Matches tags, without attributes, of elements within a line of text. */
const INLINE = /<\/?(?:a|code|em|s|small|span|strong|time)>/gu;

/** Han characters and Chinese punctuation. A line break in Markdown between two of them is not a space. */
const CHINESE = '[\\p{Script=Han}\\u2014\\u2018-\\u201D\\u2026\\u3001-\\u301F\\uFF01-\\uFF0F\\uFF1A-\\uFF20]';
const LINE_BREAK = new RegExp(`(?<=${CHINESE})[ \\t]*\\n[ \\t]*(?=${CHINESE})`, 'gu');

/**
 * Matches the position after a punctuation mark that separates two numbers in Chinese text: in “8，3月”, a search must
 * find the 8. Pagefind would join the mark and both numbers into one number, like 1,000 (Unicode Standard Annex 29,
 * MidNum).
 */
const BETWEEN_NUMBERS = /(?<=\p{N}[，；．’])(?=\p{N})/gu;
/** An invisible character that separates words. */
const WORD_EDGE = '\u200B';

const simplified = simplifier(dictionary);

/**
 * Normalises a text: simplified characters, half-width letters and digits, and the usual characters instead of
 * lookalikes.
 */
function formed(text: string): string {
  return simplified(halfWidth(unified(text)));
}

/**
 * Returns the element name that an element has in the indexed HTML. The title of an entry becomes `h1`, whatever
 * element it is on its page. A `dd` becomes a `p`, because Pagefind 1.6.0 joins the `dd` elements of a list.
 */
function nameOf(name: string, attributes: string): string {
  if (TITLE.test(attributes)) return 'h1';
  return name === 'dd' ? 'p' : name;
}

/**
 * Returns the part of an entry's HTML that is indexed: normalised text in block elements without attributes. The result
 * stays the same if only something changes that a search cannot find. Omits parts with `data-pagefind-ignore`, photos
 * and icons. Also omits the tags of elements within a line, so that no word or number ends at such a tag.
 */
export function readablePart(entry: string): string {
  const html = entry.replace(COMMENT, '');
  let part = '';
  let at = 0;
  /** Names of the open elements, as `nameOf` returns them. */
  const open: string[] = [];
  /** While a part is being left out, the number of open elements that contain it. Undefined at other times. */
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

/** Returns the text of some HTML, each block on a separate line, with character references decoded. */
export function plainText(html: string): string {
  return html
    .replace(INLINE, '')
    .replace(TAG, '\n')
    .replace(ENTITY, (written: string, code?: string, name?: string) =>
      code === undefined ? (ENTITIES[name ?? ''] ?? written) : String.fromCodePoint(Number(code.replace(/^x/iu, '0x'))),
    );
}
