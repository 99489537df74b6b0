// Runs in browser and Node: pure.
import MarkdownIt, { type Token } from 'markdown-it';
import cjkFriendly from 'markdown-it-cjk-friendly';

/**
 * Entries are Markdown: CommonMark, with emphasis that works beside Chinese punctuation (**“这样”**也行).
 * HTML is sanitised by construction: of a tag nothing but a line break survives, its text does. Links to
 * `javascript:` and the like are refused by the parser. Pictures have a field of their own and are not inline.
 */
const parser = new MarkdownIt({ html: true, linkify: false, typographer: false }).use(cjkFriendly).disable('image');

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
