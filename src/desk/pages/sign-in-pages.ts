import { roleWords } from '../../model/roles.ts';
import type { Invitation } from '../accounts/invitations.ts';
import { LEAST_PASSWORD } from '../accounts/password-length.ts';
import { field } from './shell/form.ts';
import { html, type Html } from './shell/html.ts';
import { deskPageHtml, type Message } from './shell/page-shell.ts';

/** The texts that a person typed into a refused form, to be shown again. They never include a password. */
export interface Typed {
  login?: string;
  name?: string;
}

function loginField({ login }: Typed, hint?: string): Html {
  const input = { value: login, autocomplete: 'username', autocapitalize: 'none', spellcheck: 'false' };
  return field({ name: 'login', label: '登录名', hint, input });
}

const newLogin = (typed: Typed): Html => loginField(typed, '2 到 30 个小写字母、数字，例如 wangli。以后用它登录。');

const nameField = ({ name }: Typed): Html =>
  field({
    name: 'name',
    label: '姓名',
    hint: '写在稿件的历史里，同事看得到。',
    input: { value: name, autocomplete: 'name', maxlength: 20 },
  });

const newPassword = field({
  name: 'password',
  label: '密码',
  hint: `至少 ${LEAST_PASSWORD} 个字符，不要用生日、电话、姓名。几个不相干的词连起来最好记。`,
  input: { type: 'password', autocomplete: 'new-password', minlength: LEAST_PASSWORD },
});

function refusal(error: string | undefined): Message | undefined {
  return error === undefined ? undefined : { kind: 'error', text: error };
}

function tokenForm(action: string, token: string, fields: Html, button: string): Html {
  return html`
    <form method="post" action="${action}">
      <input type="hidden" name="token" value="${token}" />
      ${fields}
      <p><button type="submit">${button}</button></p>
    </form>
  `;
}

/** Returns the page to sign in. `next` is the path of the page that follows. */
export function signInPage(next: string, typed: Typed = {}, message?: Message): string {
  return deskPageHtml({
    title: '登录',
    message,
    content: html`
      <form method="post" action="/desk/sign-in">
        <input type="hidden" name="next" value="${next}" />
        ${loginField(typed)}
        ${field({ name: 'password', label: '密码', input: { type: 'password', autocomplete: 'current-password' } })}
        <p><button type="submit">登录</button></p>
        <p class="hint">没有账号或忘了密码：请管理员发一条链接给您。</p>
      </form>
    `,
  });
}

const keepOrClear = html`
  <fieldset>
    <legend>示例内容</legend>
    <label><input type="radio" name="sample" value="keep" checked />先留着，照着学</label>
    <label><input type="radio" name="sample" value="clear" />清空示例，从空网站开始</label>
    <small>示例故事、典型、总结和心愿以后也能在工作台清空。七大活动和单位会保留。</small>
  </fieldset>
`;

/**
 * Returns the page to create the first administrator and, if `sample` is true, to keep or delete the sample content.
 */
export function firstPage(token: string, sample: boolean, typed: Typed = {}, error?: string): string {
  const fields = html`${newLogin(typed)} ${nameField(typed)} ${newPassword} ${sample && keepOrClear}`;
  return deskPageHtml({
    title: '设立第一位管理员',
    message: refusal(error),
    content: html`
      <p>这是编辑台第一次启动。请设立管理员：以后由管理员邀请作者和审核。</p>
      ${tokenForm('/desk/first', token, fields, '设立并登录')}
    `,
  });
}

/** Returns the page to accept an invitation. `unit` is the name of the unit for which the person is invited. */
export function invitationPage(
  token: string,
  { role, issuerName, name }: Invitation,
  unit: string | undefined,
  typed: Typed = {},
  error?: string,
): string {
  const position = unit === undefined ? roleWords[role] : `${roleWords[role]}，单位是${unit}`;
  const fields = html`${newLogin(typed)} ${nameField({ name, ...typed })} ${newPassword}`;
  return deskPageHtml({
    title: '接受邀请',
    message: refusal(error),
    content: html`
      <p>${issuerName}邀请您做${position}。请给自己起登录名和密码。</p>
      ${tokenForm('/desk/invitation', token, fields, '接受并登录')}
    `,
  });
}

/** Returns the page to set a new password. `token` comes from the link for it. */
export function passwordPage(token: string, error?: string): string {
  return deskPageHtml({
    title: '设定新密码',
    message: refusal(error),
    content: tokenForm('/desk/password', token, newPassword, '设定'),
  });
}

/** Returns a page with one sentence and, if given, a link after it. */
export function plainPage(title: string, text: string, link?: { address: string; text: string }): string {
  return deskPageHtml({
    title,
    content: html`<p>${text}${link && html`<a href="${link.address}">${link.text}</a>`}</p>`,
  });
}
