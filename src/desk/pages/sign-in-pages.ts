import { roleWords } from '../../model/roles.ts';
import type { Invitation } from '../accounts/invitations.ts';
import { LEAST_PASSWORD } from '../accounts/password-length.ts';
import { field } from './form.ts';
import { h, deskPageHtml, type Message, type ReactNode } from './page-shell.ts';

/** What a person typed in a form that was refused, to be shown again; never a password. */
export interface Typed {
  login?: string;
  name?: string;
}

const loginField = (typed: Typed) =>
  field({
    name: 'login',
    label: '登录名',
    hint: '2 到 30 个小写字母、数字，例如 wangli。以后用它登录。',
    input: { defaultValue: typed.login, autoComplete: 'username', autoCapitalize: 'none', spellCheck: false },
  });

const nameField = (typed: Typed) =>
  field({
    name: 'name',
    label: '姓名',
    hint: '写在稿件的历史里，同事看得到。',
    input: { defaultValue: typed.name, autoComplete: 'name', maxLength: 20 },
  });

const newPassword = field({
  name: 'password',
  label: '密码',
  hint: `至少 ${LEAST_PASSWORD} 个字符，不要用生日、电话、姓名。几个不相干的词连起来最好记。`,
  input: { type: 'password', autoComplete: 'new-password', minLength: LEAST_PASSWORD },
});

function refusal(error: string | undefined): Message | undefined {
  return error === undefined ? undefined : { kind: 'error', text: error };
}

function tokenForm(action: string, token: string, fields: readonly ReactNode[], button: string): ReactNode {
  return h(
    'form',
    { method: 'post', action },
    h('input', { type: 'hidden', name: 'token', value: token }),
    ...fields,
    h('p', null, h('button', { type: 'submit' }, button)),
  );
}

/** The page to sign in; `next`: the address to go to afterwards. */
export function signInPage(next: string, typed: Typed = {}, message?: Message): string {
  return deskPageHtml({
    title: '登录',
    message,
    content: h(
      'form',
      { method: 'post', action: '/desk/sign-in' },
      h('input', { type: 'hidden', name: 'next', value: next }),
      field({
        name: 'login',
        label: '登录名',
        input: { defaultValue: typed.login, autoComplete: 'username', autoCapitalize: 'none', spellCheck: false },
      }),
      field({ name: 'password', label: '密码', input: { type: 'password', autoComplete: 'current-password' } }),
      h('p', null, h('button', { type: 'submit' }, '登录')),
      h('p', { className: 'hint' }, '没有账号或忘了密码：请管理员发一条链接给您。'),
    ),
  });
}

/** The page to make the first administrator, and to keep or clear the sample content. */
export function firstPage(token: string, sample: boolean, typed: Typed = {}, error?: string): string {
  const keep = h(
    'fieldset',
    null,
    h('legend', null, '示例内容'),
    h(
      'label',
      null,
      h('input', { type: 'radio', name: 'sample', value: 'keep', defaultChecked: true }),
      '先留着，照着学',
    ),
    h('label', null, h('input', { type: 'radio', name: 'sample', value: 'clear' }), '清空示例，从空网站开始'),
    h('small', null, '示例故事、典型、总结和心愿以后也能在工作台清空。七大活动和单位会保留。'),
  );
  return deskPageHtml({
    title: '设立第一位管理员',
    message: refusal(error),
    content: h(
      'div',
      null,
      h('p', null, '这是编辑台第一次启动。请设立管理员：以后由管理员邀请作者和审核。'),
      tokenForm(
        '/desk/first',
        token,
        [loginField(typed), nameField(typed), newPassword, ...(sample ? [keep] : [])],
        '设立并登录',
      ),
    ),
  });
}

/** The page to accept an invitation; `unit`: the name of its unit. */
export function invitationPage(
  token: string,
  { role, issuerName, name }: Invitation,
  unit: string | undefined,
  typed: Typed = {},
  error?: string,
): string {
  return deskPageHtml({
    title: '接受邀请',
    message: refusal(error),
    content: h(
      'div',
      null,
      h(
        'p',
        null,
        `${issuerName}邀请您做${roleWords[role]}${unit === undefined ? '' : `，单位是${unit}`}。请给自己起登录名和密码。`,
      ),
      tokenForm(
        '/desk/invitation',
        token,
        [loginField(typed), nameField({ name, ...typed }), newPassword],
        '接受并登录',
      ),
    ),
  });
}

/** The page to set a new password by a link. */
export function passwordPage(token: string, error?: string): string {
  return deskPageHtml({
    title: '设定新密码',
    message: refusal(error),
    content: tokenForm('/desk/password', token, [newPassword], '设定'),
  });
}

/** A page of one sentence. */
export function plainPage(title: string, text: string, link?: { address: string; text: string }): string {
  return deskPageHtml({
    title,
    content: h('p', null, text, link ? h('a', { href: link.address }, link.text) : null),
  });
}
