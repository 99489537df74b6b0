import { renderMarkdown } from '../../../text/markdown.ts';

/** A picture in a handbook: its file name, its caption, and its number in the handbook, counted from 1. */
export interface PictureBlock {
  picture: string;
  caption: string;
  number: number;
}

/** A piece of text as HTML, or a picture. */
export type HandbookBlock = { html: string } | PictureBlock;

interface HandbookSection {
  /** The fragment of the section's URL, the same as on GitHub. */
  id: string;
  title: string;
  blocks: readonly HandbookBlock[];
}

/** A parsed handbook. */
export interface Handbook {
  title: string;
  /** The blocks before the first section. */
  intro: readonly HandbookBlock[];
  sections: readonly HandbookSection[];
}

/**
 * Matches a line that is a picture. renderMarkdown does not render pictures, because entries have a field for photos.
 */
const PICTURE = /^!\[([^\]]+)\]\(pictures\/([\w-]+\.webp)\)$/u;
const TITLE = /^# (.+)$/u;
const SECTION = /^## (.+)$/u;
/** Matches the start of a list item that explains a number in a picture. */
const MARKED_ITEM = /<li>([①-⑨]) ?/gu;
/** Matches a link from one handbook to another, from `](` to `.md`. In this form the link also works on GitHub. */
const LINK = /\]\((author|reviewer|administrator)\.md/gu;

/** Returns the anchor that GitHub gives to a heading, so that links within a handbook work here and on GitHub. */
function anchorOf(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/gu, '-');
}

/** Parses a handbook's Markdown. A section begins with a line `## Title`; a picture is alone in its line. */
export function readHandbook(markdown: string): Handbook {
  let title = '';
  let number = 0;
  let text: string[] = [];
  const intro: HandbookBlock[] = [];
  const sections: { id: string; title: string; blocks: HandbookBlock[] }[] = [];
  const blocks = (): HandbookBlock[] => sections.at(-1)?.blocks ?? intro;
  const endText = (): void => {
    const source = text.join('\n').trim();
    const html = renderMarkdown(source.replace(LINK, '](/desk/help/$1/'));
    if (html !== '') blocks().push({ html: html.replace(MARKED_ITEM, '<li class="marked"><b>$1</b> ') });
    text = [];
  };
  for (const line of markdown.split('\n')) {
    const [, whole] = TITLE.exec(line) ?? [];
    const [, begun] = SECTION.exec(line) ?? [];
    const [, caption, picture] = PICTURE.exec(line) ?? [];
    if (whole === undefined && begun === undefined && picture === undefined) {
      text.push(line);
      continue;
    }
    endText();
    if (whole !== undefined) title = whole;
    if (begun !== undefined) sections.push({ id: anchorOf(begun), title: begun, blocks: [] });
    if (picture !== undefined) blocks().push({ picture, caption: caption ?? '', number: (number += 1) });
  }
  endText();
  return { title, intro, sections };
}
