import { hasRole, roleWords } from '../../../model/roles.ts';
import type { Editor } from '../../domain/editor.ts';
import { BOARD, LISTS } from './addresses.ts';
import { attributes, html, type Html } from './html.ts';

/** The parts of a page of the desk. */
export interface DeskPage {
  title: string;
  /** Text of the navigation link that is marked as current. Default: the page's title. */
  place?: string;
  /** The person who is signed in, or undefined if nobody is. */
  editor?: Editor | undefined;
  /** A message above the content, which says what was done or why nothing was done. */
  message?: Message | undefined;
  content: Html;
}

export interface Message {
  kind: 'done' | 'error';
  text: string;
}

/** Returns the links of the navigation bar for a person. */
function placesOf(editor: Editor): [address: string, text: string][] {
  const places: [string, string][] = [
    ['/desk/', '工作台'],
    [LISTS, '稿件'],
    [BOARD, '审核'],
    ['/desk/reports', '报送情况'],
  ];
  if (hasRole(editor, 'administrator')) places.push(['/desk/people', '人员'], ['/desk/audit', '操作记录']);
  places.push(['/desk/me', '我的账号'], ['/desk/help/', '帮助'], ['/', '看网站']);
  return places;
}

function header({ title, place = title, editor }: DeskPage): Html {
  if (!editor) return html`<header class="head"><p class="plate">和你在一起 · 编辑台</p></header>`;
  const places = placesOf(editor).map(
    ([href, text]) => html`<a ${attributes({ href, 'aria-current': text === place && 'page' })}>${text}</a>`,
  );
  return html`
    <header class="head">
      <p class="plate">和你在一起 · 编辑台</p>
      <nav aria-label="编辑台">${places}</nav>
      <form method="post" action="/desk/sign-out" class="who">
        <span>${editor.name} · ${roleWords[editor.role]}</span>
        <button type="submit" class="plain">退出</button>
      </form>
    </header>
  `;
}

function messageView({ kind, text }: Message): Html {
  return html`<p class="message ${kind}" role="${kind === 'error' ? 'alert' : 'status'}">${text}</p>`;
}

/** Returns the HTML of a page. All text in it is escaped or made by renderMarkdown, and no script is inline. */
export function deskPageHtml(page: DeskPage): string {
  const { title, message, content } = page;
  return html`<!doctype html>
    <html lang="zh-CN">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${title} · 编辑台</title>
        <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/desk/office.css" />
        <script src="/desk/office.js" defer></script>
      </head>
      <body>
        ${header(page)}
        <main>
          <h1>${title}</h1>
          ${message && messageView(message)} ${content}
        </main>
      </body>
    </html> `.toString();
}
