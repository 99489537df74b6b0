import { createElement as h, type ReactNode } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { hasRole, roleWords } from '../../model/roles.ts';
import type { Editor } from '../domain/editor.ts';

export { h, type ReactNode };

/** A page of the desk, before it is rendered. */
export interface DeskPage {
  title: string;
  /** The entry of the navigation bar that the page belongs to; by default the one with its title, if there is one. */
  place?: string;
  /** The person who is signed in, or undefined. */
  editor?: Editor | undefined;
  /** A message above the content: what was done, or why it was not. */
  message?: Message | undefined;
  content: ReactNode;
}

export interface Message {
  kind: 'done' | 'error';
  text: string;
}

const EDITOR = '/admin/';

/** Returns the pages of the desk that a person may open. */
function placesOf(editor: Editor): [address: string, text: string][] {
  const places: [string, string][] = [
    ['/desk/', '工作台'],
    [EDITOR, '写稿'],
    ['/desk/reports', '报送情况'],
  ];
  if (hasRole(editor, 'administrator')) places.push(['/desk/people', '人员'], ['/desk/audit', '操作记录']);
  places.push(['/desk/me', '我的账号'], ['/desk/help/', '帮助'], ['/', '看网站']);
  return places;
}

function header({ title, place = title, editor }: DeskPage): ReactNode {
  if (!editor) return h('header', { className: 'head' }, h('p', { className: 'plate' }, '和你在一起 · 编辑台'));
  const { name, role } = editor;
  return h(
    'header',
    { className: 'head' },
    h('p', { className: 'plate' }, '和你在一起 · 编辑台'),
    h(
      'nav',
      { 'aria-label': '编辑台' },
      placesOf(editor).map(([address, text]) =>
        h('a', { key: address, href: address, 'aria-current': text === place ? 'page' : undefined }, text),
      ),
    ),
    h(
      'form',
      { method: 'post', action: '/desk/sign-out', className: 'who' },
      h('span', null, `${name} · ${roleWords[role]}`),
      h('button', { type: 'submit', className: 'plain' }, '退出'),
    ),
  );
}

/** Returns the HTML of a page. Everything is escaped or made by renderMarkdown, and no script is inline. */
export function deskPageHtml(page: DeskPage): string {
  const { title, message, content } = page;
  const markup = renderToStaticMarkup(
    h(
      'html',
      { lang: 'zh-CN' },
      h(
        'head',
        null,
        h('meta', { charSet: 'utf-8' }),
        h('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
        h('meta', { name: 'robots', content: 'noindex' }),
        h('title', null, `${title} · 编辑台`),
        h('link', { rel: 'icon', href: '/favicon.svg', type: 'image/svg+xml' }),
        h('link', { rel: 'stylesheet', href: '/desk/office.css' }),
        h('script', { src: '/desk/office.js', defer: true }),
      ),
      h(
        'body',
        null,
        header(page),
        h(
          'main',
          null,
          h('h1', null, title),
          message
            ? h(
                'p',
                { className: `message ${message.kind}`, role: message.kind === 'error' ? 'alert' : 'status' },
                message.text,
              )
            : null,
          content,
        ),
      ),
    ),
  );
  return `<!doctype html>${markup}`;
}
