import { roleWords } from '../../model/roles.ts';
import type { Editor } from '../domain/editor.ts';
import { LEAST_PASSWORD } from '../accounts/password-length.ts';
import { field } from './shell/form.ts';
import { html } from './shell/html.ts';
import { deskPageHtml, type Message } from './shell/page-shell.ts';

/**
 * Returns the page of the person's account, with a form that changes the password. `unit` is the name of the person's
 * unit.
 */
export function accountPage(editor: Editor, unit: string | undefined, message?: Message): string {
  const { name, login, role } = editor;
  const position = unit === undefined ? roleWords[role] : `${roleWords[role]}，${unit}`;
  return deskPageHtml({
    title: '我的账号',
    editor,
    message,
    content: html`
      <p>${name}，登录名 ${login}，${position}。角色和单位由管理员更改。</p>
      <h2>改密码</h2>
      <form method="post" action="/desk/me">
        ${field({ name: 'current', label: '现在的密码', input: { type: 'password', autocomplete: 'current-password' } })}
        ${field({
          name: 'password',
          label: '新密码',
          hint: `至少 ${LEAST_PASSWORD} 个字符。改好以后，其他地方的登录都会退出。`,
          input: { type: 'password', autocomplete: 'new-password', minlength: LEAST_PASSWORD },
        })}
        <p><button type="submit">改密码</button></p>
      </form>
    `,
  });
}
