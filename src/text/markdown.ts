// Pure functions, which run in browsers and in Node.
import MarkdownIt, { type Token } from 'markdown-it';
import cjkFriendly from 'markdown-it-cjk-friendly';

/**
 * The parser of entries: CommonMark, with emphasis that works beside Chinese punctuation (**“这样”**也行). HTML is made
 * safe by rendering only its text: tags are dropped, and only line breaks are kept. A link with a scheme other than
 * http, https, mailto and tel stays text. Pictures are not rendered, because entries have a separate field for photos.
 */
const parser = new MarkdownIt({ html: true, linkify: false, typographer: false }).use(cjkFriendly).disable('image');

/**
 * Matches the scheme of a URL. `SKIPPED` is removed first, because browsers skip spaces and control characters in a
 * scheme.
 */
const SCHEME = /^([a-z][a-z0-9+.-]*):/iu;
// eslint-disable-next-line no-control-regex
const SKIPPED = /[\u0000-\u0020\u007f]/gu;
const SCHEMES = new Set(['http', 'https', 'mailto', 'tel']);

// The parser's own check accepts unknown schemes, and some of them start programs on the reader's machine.
parser.validateLink = (address) => {
  const [, scheme] = SCHEME.exec(address.replace(SKIPPED, '')) ?? [];
  return scheme === undefined || SCHEMES.has(scheme.toLowerCase());
};

const SILENT_ELEMENT = /<(script|style|template|iframe|svg|math)\b[\s\S]*?(?:<\/\1\s*>|$)/giu;
const COMMENT = /<!--[\s\S]*?(?:-->|$)/gu;
const TAG = /<\/?[a-z!?][^>]*(?:>|$)/giu;
const BREAK = /<br\s*\/?>/giu;
const ONLY_BREAK = new RegExp(`^${BREAK.source}$`, 'iu');

/** Returns whether a piece of inline HTML is a `<br>`, the only tag that pages show. */
export function isBreakTag(html: string): boolean {
  return ONLY_BREAK.test(html);
}

/** Returns the text of a piece of HTML, without tags, scripts and comments. `<br>` becomes a line break. */
export function textOfHtml(html: string): string {
  return html.replace(COMMENT, '').replace(SILENT_ELEMENT, '').replace(BREAK, '\n').replace(TAG, '');
}

function sanitised(html: string): string {
  return parser.utils.escapeHtml(textOfHtml(html)).replaceAll('\n', '<br>\n');
}

parser.renderer.rules['html_inline'] = (tokens, index) => sanitised(tokens[index]?.content ?? '');
parser.renderer.rules['html_block'] = (tokens, index) => {
  const text = sanitised((tokens[index]?.content ?? '').trim());
  return text === '' ? '' : `<p>${text}</p>\n`;
};

/** Returns the tokens of a Markdown text. `renderMarkdown` renders the same tokens. */
export function parseMarkdown(markdown: string): Token[] {
  return parser.parse(markdown, {});
}

/**
 * Returns the target of a link as pages write it: percent-encoded, with an ASCII host. Returns undefined if pages do
 * not show a link to this target.
 */
export function linkTarget(address: string): string | undefined {
  const target = parser.normalizeLink(address);
  return parser.validateLink(target) ? target : undefined;
}

/** Returns the HTML of a Markdown text. It is safe to put it into a page. */
export function renderMarkdown(markdown: string): string {
  return parser.render(markdown);
}

function textOfToken(token: Token): string {
  switch (token.type) {
    case 'inline':
      return (token.children ?? []).map(textOfToken).join('') + '\n';
    case 'html_inline':
    case 'html_block':
      return textOfHtml(token.content);
    case 'softbreak':
    case 'hardbreak':
      return '\n';
    default:
      return token.content;
  }
}

/** Returns the text that a reader sees of a Markdown text, without markup. Blocks and line breaks end a line. */
export function plainText(markdown: string): string {
  return parseMarkdown(markdown).map(textOfToken).join('').trim();
}

export type { Token };
