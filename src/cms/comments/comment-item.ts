import { Component, createElement as h, type ReactNode } from 'react';
import type { EntryComment } from './comment-client.ts';
import { CommentField } from './comment-field.ts';

export interface CommentItemProps {
  comment: EntryComment;
  busy: boolean;
  onResolve(resolved: boolean): void;
  /** Changes the text. Resolves to true if the desk has stored it; the field is closed only then. */
  onChange(content: string): Promise<boolean>;
  onDelete(): void;
}

const MOMENT = new Intl.DateTimeFormat('zh-CN', {
  timeZone: 'Asia/Shanghai',
  year: 'numeric',
  month: 'long',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});

/** Formats a time (ISO 8601) in Chinese, to the minute, in China's time zone. */
function momentOf(iso: string): string {
  return MOMENT.format(new Date(iso));
}

/**
 * A comment with author, time, text and buttons. Only the author may change or delete a comment; nobody may change the
 * reason why a draft was returned, which is highlighted until it is resolved.
 */
export class CommentItem extends Component<CommentItemProps, { changing: boolean }> {
  override state = { changing: false };

  #actions(): ReactNode {
    const { comment, busy, onResolve, onDelete } = this.props;
    const button = (label: string, onClick: () => void): ReactNode =>
      h('button', { type: 'button', disabled: busy, onClick }, label);
    const own = comment.isOwn && comment.kind === 'note';
    return h(
      'p',
      { className: 'note-actions' },
      button(comment.resolved ? '重新打开' : '标为已处理', () => onResolve(!comment.resolved)),
      own ? button('修改', () => this.setState({ changing: true })) : null,
      own ? button('删除', onDelete) : null,
    );
  }

  override render(): ReactNode {
    const { comment, busy, onChange } = this.props;
    const { kind, author, timestamp, content, resolved } = comment;
    const returned = kind === 'returned';
    const state = [returned ? 'returned' : '', resolved ? 'resolved' : ''].filter(Boolean).join(' ');
    return h(
      'li',
      { className: `note ${state}`.trim(), 'data-testid': returned ? 'returned' : 'note' },
      h(
        'p',
        { className: 'note-head' },
        h('strong', null, returned ? `${author}退回了这一篇` : author),
        h('time', { dateTime: timestamp }, momentOf(timestamp)),
        resolved ? h('span', { className: 'note-state' }, '已处理') : null,
      ),
      this.state.changing
        ? h(CommentField, {
            label: '修改批注',
            initial: content,
            action: '保存修改',
            busy,
            onSend: async (text) => {
              const done = await onChange(text);
              if (done) this.setState({ changing: false });
              return done;
            },
            onCancel: () => this.setState({ changing: false }),
          })
        : [h('p', { key: 'text', className: 'note-text' }, content), h('div', { key: 'actions' }, this.#actions())],
    );
  }
}
