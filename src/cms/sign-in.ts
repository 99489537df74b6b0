import { createElement as h, type ReactNode } from 'react';

/** Shown by Decap where there is no session: the way in is a link, not a form. */
export function SignIn({ onLogin, error }: { onLogin(data: object): void; error?: unknown }): ReactNode {
  return h(
    'main',
    { className: 'sign-in' },
    h('h1', null, '编辑台'),
    h(
      'p',
      { role: error === undefined || error === null ? 'status' : 'alert' },
      '还没有登录，或登录已失效。请打开启动时显示的登录链接。',
    ),
    h('button', { type: 'button', onClick: () => onLogin({}) }, '我已登录，继续'),
  );
}
