import { role, roleWords, type Role } from '../../model/roles.ts';
import type { Editor } from '../domain/editor.ts';
import type { Handbook, HandbookBlock, PictureBlock } from './help/handbook.ts';
import type { AllHandbooks, HandbookPicture } from './help/handbooks.ts';
import { deskPageHtml, h, type ReactNode } from './page-shell.ts';

/** The entry of these pages in the navigation bar. */
const PLACE = '帮助';

/** Least width in pixels of a picture of a whole window; narrower ones are close-ups. */
const WHOLE_WINDOW = 1180;

/** The contact in the site's settings. */
export interface Contact {
  phone: string;
  email: string;
}

export function handbookAddress(of: Role): string {
  return `/desk/help/${of}/`;
}

export function pictureAddress({ name, version }: HandbookPicture): string {
  return `/desk/help/pictures/${version}/${name}`;
}

/** Returns a picture with its caption; it links to itself, so that it can be enlarged on a phone. */
function figureOf(block: PictureBlock, all: AllHandbooks): ReactNode {
  const { picture, caption, number } = block;
  const found = all.pictures.get(picture);
  if (!found) return null;
  const src = pictureAddress(found);
  const { width, height } = found;
  return h(
    'figure',
    { key: `picture-${number}`, className: width < WHOLE_WINDOW ? 'close-up' : undefined },
    h('a', { href: src }, h('img', { src, width, height, alt: `放大看图 ${number}` })),
    h('figcaption', null, `图 ${number}\u3000${caption}`),
  );
}

function blocksOf(blocks: readonly HandbookBlock[], all: AllHandbooks): ReactNode {
  return blocks.map((block, index) =>
    'picture' in block
      ? figureOf(block, all)
      : h('div', { key: `text-${index}`, dangerouslySetInnerHTML: { __html: block.html } }),
  );
}

/** Returns links to the sections of a handbook; `page`: address of its page, empty for this one. */
function contentsOf({ sections }: Handbook, page: string): ReactNode {
  return h(
    'ol',
    { className: 'contents' },
    sections.map(({ id, title }) => h('li', { key: id }, h('a', { href: `${page}#${id}` }, title))),
  );
}

function contactLine({ phone, email }: Contact): ReactNode {
  return h('p', { className: 'message' }, '还有不明白的，请打电话 ', phone, '，或写信到 ', email, '。');
}

/** Returns the page that links to the handbooks: the editor's own first, with its sections. */
export function helpPage(editor: Editor, all: AllHandbooks, contact: Contact): string {
  const own = all.byRole.get(editor.role);
  return deskPageHtml({
    title: PLACE,
    editor,
    content: h(
      'div',
      { className: 'handbook' },
      h('p', null, `您是${roleWords[editor.role]}，先看自己的一本就够了。点一行，就到那一节。`),
      own
        ? h(
            'section',
            null,
            h('h2', null, h('a', { href: handbookAddress(editor.role) }, own.title)),
            contentsOf(own, handbookAddress(editor.role)),
          )
        : null,
      h('h2', null, '其他角色的手册'),
      h(
        'ul',
        null,
        role.options
          .filter((other) => other !== editor.role)
          .map((other) =>
            h('li', { key: other }, h('a', { href: handbookAddress(other) }, all.byRole.get(other)?.title)),
          ),
      ),
      contactLine(contact),
    ),
  });
}

/** Returns the page of one handbook, for screen and print. */
export function handbookPage(editor: Editor, handbook: Handbook, all: AllHandbooks, contact: Contact): string {
  const { title, intro, sections } = handbook;
  return deskPageHtml({
    title,
    place: PLACE,
    editor,
    content: h(
      'div',
      { className: 'handbook' },
      h(
        'p',
        { className: 'places unprinted' },
        h('a', { href: '/desk/help/' }, '全部手册'),
        h('button', { type: 'button', className: 'plain', 'data-print': '' }, '打印这一本'),
      ),
      blocksOf(intro, all),
      h('h2', null, '目录'),
      contentsOf(handbook, ''),
      sections.map(({ id, title: heading, blocks }) =>
        h('section', { key: id }, h('h2', { id }, heading), blocksOf(blocks, all)),
      ),
      contactLine(contact),
    ),
  });
}
