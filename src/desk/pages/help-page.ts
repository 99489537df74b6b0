import { role, roleWords, type Role } from '../../model/roles.ts';
import type { Editor } from '../domain/editor.ts';
import type { Handbook, HandbookBlock, PictureBlock } from './help/handbook.ts';
import type { AllHandbooks, HandbookPicture } from './help/handbooks.ts';
import { attributes, Html, html, type Content } from './shell/html.ts';
import { deskPageHtml } from './shell/page-shell.ts';

/** Name of the navigation link that is marked as current on these pages. */
const PLACE = '帮助';

/** Least width of a picture that shows a whole window, in pixels. Narrower pictures are close-ups. */
const WHOLE_WINDOW = 1180;

/** The contact data in the site's settings. */
export interface Contact {
  phone: string;
  email: string;
}

function handbookAddress(of: Role): string {
  return `/desk/help/${of}/`;
}

function pictureAddress({ name, version }: HandbookPicture): string {
  return `/desk/help/pictures/${version}/${name}`;
}

/**
 * Returns a picture with its caption, or undefined if there is no such picture. The picture is a link to its file, so
 * that it can be enlarged on a phone.
 */
function figureOf(block: PictureBlock, all: AllHandbooks): Html | undefined {
  const { picture, caption, number } = block;
  const found = all.pictures.get(picture);
  if (!found) return undefined;
  const src = pictureAddress(found);
  const { width, height } = found;
  const words = `图 ${number}\u3000${caption}`;
  return html`
    <figure ${attributes({ class: width < WHOLE_WINDOW && 'close-up' })}>
      <a href="${src}"><img src="${src}" width="${width}" height="${height}" alt="放大看图 ${number}" /></a>
      <figcaption>${words}</figcaption>
    </figure>
  `;
}

function blocksOf(blocks: readonly HandbookBlock[], all: AllHandbooks): Content {
  return blocks.map((block) => ('picture' in block ? figureOf(block, all) : html`<div>${new Html(block.html)}</div>`));
}

/**
 * Returns links to the sections of a handbook. `page` is the path of the handbook's page, or empty for links within
 * that page.
 */
function contentsOf({ sections }: Handbook, page: string): Html {
  return html`
    <ol class="contents">
      ${sections.map(({ id, title }) => html`<li><a href="${page}#${id}">${title}</a></li>`)}
    </ol>
  `;
}

/** Returns the title of a handbook and links to its sections. `address` is the path of the handbook's page. */
function overviewOf(handbook: Handbook, address: string): Html {
  return html`
    <section>
      <h2><a href="${address}">${handbook.title}</a></h2>
      ${contentsOf(handbook, address)}
    </section>
  `;
}

function contactLine({ phone, email }: Contact): Html {
  return html`<p class="message">还有不明白的，请打电话 ${phone}，或写信到 ${email}。</p>`;
}

/**
 * Returns the page that links to all handbooks. The handbook for the editor's role comes first, with links to its
 * sections.
 */
export function helpPage(editor: Editor, all: AllHandbooks, contact: Contact): string {
  const own = all.byRole.get(editor.role);
  const others = role.options
    .filter((other) => other !== editor.role)
    .map((other) => html`<li><a href="${handbookAddress(other)}">${all.byRole.get(other)?.title}</a></li>`);
  return deskPageHtml({
    title: PLACE,
    editor,
    content: html`
      <div class="handbook">
        <p>您是${roleWords[editor.role]}，先看自己的一本就够了。点一行，就到那一节。</p>
        ${own && overviewOf(own, handbookAddress(editor.role))}
        <h2>其他角色的手册</h2>
        <ul>
          ${others}
        </ul>
        ${contactLine(contact)}
      </div>
    `,
  });
}

/** Returns the page of one handbook, for screen and print. */
export function handbookPage(editor: Editor, handbook: Handbook, all: AllHandbooks, contact: Contact): string {
  const { title, intro, sections } = handbook;
  const chapters = sections.map(
    ({ id, title: heading, blocks }) => html`
      <section>
        <h2 id="${id}">${heading}</h2>
        ${blocksOf(blocks, all)}
      </section>
    `,
  );
  return deskPageHtml({
    title,
    place: PLACE,
    editor,
    content: html`
      <div class="handbook">
        <p class="places unprinted">
          <a href="/desk/help/">全部手册</a>
          <button type="button" class="plain" data-print>打印这一本</button>
        </p>
        ${blocksOf(intro, all)}
        <h2>目录</h2>
        ${contentsOf(handbook, '')} ${chapters} ${contactLine(contact)}
      </div>
    `,
  });
}
