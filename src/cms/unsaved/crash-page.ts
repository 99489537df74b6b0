import { Component, createElement as h, createRef, type ReactNode } from 'react';
import { contact } from './contact.ts';
import { copyField } from './copy-text.ts';

interface CrashProps {
  /** The unsaved text of the form that was open; empty if nothing was unsaved. */
  text: string;
  /** The error, for those who maintain the site. */
  details: string;
}

interface CrashState {
  copied: 'not yet' | 'copied' | 'by hand';
}

const COPIED: Readonly<Record<CrashState['copied'], string>> = {
  'not yet': '',
  copied: '已复制，可以粘贴到别处。',
  'by hand': '浏览器不让自动复制：文字已选中，请按 Ctrl+C，手机上长按后点“复制”。',
};

function contactLine(): ReactNode {
  const { phone = '', email = '' } = contact() ?? {};
  const ways = [
    phone === '' ? null : h('a', { key: 'phone', href: `tel:${phone.replace(/[^\d+]/gu, '')}` }, phone),
    email === '' ? null : h('a', { key: 'email', href: `mailto:${email}` }, email),
  ].filter((way) => way !== null);
  if (ways.length === 0) return h('p', null, '刷新以后还是这样，请联系管理员。');
  const [first, second] = ways;
  return h(
    'p',
    { 'data-testid': 'crash-contact' },
    '刷新以后还是这样，请联系：',
    first,
    second === undefined ? null : '，',
    second,
    '。',
  );
}

/** The page that editors see if the code of the editor fails: what happened, their text, and how to go on. */
export class CrashPage extends Component<CrashProps, CrashState> {
  override state: CrashState = { copied: 'not yet' };
  readonly #field = createRef<HTMLTextAreaElement>();
  readonly #heading = createRef<HTMLHeadingElement>();

  override componentDidMount(): void {
    // Screen readers then read the page from its beginning.
    this.#heading.current?.focus();
  }

  readonly #copy = async (): Promise<void> => {
    const field = this.#field.current;
    if (field) this.setState({ copied: (await copyField(field)) ? 'copied' : 'by hand' });
  };

  #text(): ReactNode {
    const { text } = this.props;
    const { copied } = this.state;
    return h(
      'section',
      { 'aria-label': '没保存的文字' },
      h('p', null, '您没有保存的文字没有丢。刷新以后打开这一篇，会请您取回；不放心，可以先复制到别处。'),
      h(
        'p',
        { className: 'crash-actions' },
        h('button', { type: 'button', onClick: () => void this.#copy() }, '复制我的文字'),
        h('span', { role: 'status' }, COPIED[copied]),
      ),
      h('textarea', { ref: this.#field, readOnly: true, rows: 8, value: text, 'aria-label': '没保存的文字' }),
    );
  }

  override render(): ReactNode {
    const { text, details } = this.props;
    return h(
      'main',
      { className: 'crash', 'data-testid': 'crash' },
      h('h1', { ref: this.#heading, tabIndex: -1 }, '编辑台出了错'),
      h('p', null, '这一页没有显示出来，是编辑台的毛病，不是您做错了什么。保存过的都还在。'),
      text === '' ? null : this.#text(),
      h('h2', null, '接下来怎么办'),
      h('p', null, '先刷新这一页，再从稿件列表打开这一篇。'),
      h(
        'p',
        { className: 'crash-actions' },
        h('button', { type: 'button', onClick: () => location.reload() }, '刷新这一页'),
      ),
      contactLine(),
      h('p', null, '管理员或维护人员要看“出错的经过”：请点开，复制给他。'),
      h('details', null, h('summary', null, '出错的经过'), h('pre', null, details)),
    );
  }
}
