// Runs in browser and Node: pure.
import MarkdownIt, { type Token } from 'markdown-it';
import cjkFriendly from 'markdown-it-cjk-friendly';

/**
 * The parser of entries: CommonMark, with emphasis that works beside Chinese punctuation (**“这样”**也行). HTML is
 * sanitised by construction: a tag is dropped and its text kept; only line breaks survive. A link with a scheme other
 * than http, https, mailto and tel stays text. Pictures have a separate field and are not inline.
 */
const parser = new MarkdownIt({ html: true, linkify: false, typographer: false }).use(cjkFriendly).disable('image');

/** The scheme of an address. Browsers skip blanks and control characters when they look for it. */
const SCHEME = /^([a-z][a-z0-9+.-]*):/iu;
// eslint-disable-next-line no-control-regex
const SKIPPED = /[\u0000-\u0020\u007f]/gu;
const SCHEMES = new Set(['http', 'https', 'mailto', 'tel']);

// The parser's own check lets unknown schemes through, and some of them start programs on the reader's machine.
parser.validateLink = (address) => {
  const [, scheme] = SCHEME.exec(address.replace(SKIPPED, '')) ?? [];
  return scheme === undefined || SCHEMES.has(scheme.toLowerCase());
};

const SILENT_ELEMENT = /<(script|style|template|iframe|svg|math)\b[\s\S]*?(?:<\/\1\s*>|$)/giu;
const COMMENT = /<!--[\s\S]*?(?:-->|$)/gu;
const TAG = /<\/?[a-z!?][^>]*(?:>|$)/giu;
const BREAK = /<br\s*\/?>/giu;

/** Returns the text of a piece of HTML: tags dropped, `<br>` a line break, scripts and comments removed. */
function textOfHtml(html: string): string {
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

/** Returns the HTML of a Markdown text, safe to put into a page. */
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

/** Returns the text that a reader sees of a Markdown text, without markup; blocks and breaks end lines. */
export function plainText(markdown: string): string {
  return parser.parse(markdown, {}).map(textOfToken).join('').trim();
}
