import { createElement as h, type ReactNode } from 'react';

/** The page that Decap shows to people who are not signed in: a link to the desk's sign-in page. */
export function SignIn({ error }: { error?: unknown }): ReactNode {
  return h(
    'main',
    { className: 'sign-in' },
    h('h1', null, '编辑台'),
    h('p', { role: error === undefined || error === null ? 'status' : 'alert' }, '还没有登录，或已经退出。'),
    h('a', { href: '/desk/sign-in?next=/admin/' }, '去登录'),
  );
}
