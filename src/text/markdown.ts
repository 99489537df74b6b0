// Runs in browser and Node: pure.
import MarkdownIt, { type Token } from 'markdown-it';
import cjkFriendly from 'markdown-it-cjk-friendly';

/**
 * Entries are Markdown: CommonMark, with emphasis that works beside Chinese punctuation (**“这样”**也行).
 * HTML is sanitised by construction: of a tag nothing but a line break survives, its text does. A link that leads
 * elsewhere than to pages, mail and telephones stays text. Pictures have a field of their own and are not inline.
 */
const parser = new MarkdownIt({ html: true, linkify: false, typographer: false }).use(cjkFriendly).disable('image');

/** The scheme of an address, as browsers find it: they skip blanks and control characters. */
const SCHEME = /^([a-z][a-z0-9+.-]*):/iu;
// eslint-disable-next-line no-control-regex
const SKIPPED = /[\u0000-\u0020\u007f]/gu;
const SCHEMES = new Set(['http', 'https', 'mailto', 'tel']);

// The parser's own check lets through whatever it has never heard of, and some of that starts programs of the reader's.
parser.validateLink = (address) => {
  const [, scheme] = SCHEME.exec(address.replace(SKIPPED, '')) ?? [];
  return scheme === undefined || SCHEMES.has(scheme.toLowerCase());
};

const SILENT_ELEMENT = /<(script|style|template|iframe|svg|math)\b[\s\S]*?(?:<\/\1\s*>|$)/giu;
const COMMENT = /<!--[\s\S]*?(?:-->|$)/gu;
const TAG = /<\/?[a-z!?][^>]*(?:>|$)/giu;
const BREAK = /<br\s*\/?>/giu;

/** The text that remains of a piece of HTML: tags dropped, `<br>` a line break, scripts and comments gone. */
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

/** HTML of a Markdown text, safe to put into a page. */
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

/** The text a reader sees of a Markdown text, without markup; blocks and breaks are line ends. */
export function plainText(markdown: string): string {
  return parser.parse(markdown, {}).map(textOfToken).join('').trim();
}
