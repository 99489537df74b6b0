import { Component, createElement as h, type ChangeEvent, type KeyboardEvent, type ReactNode } from 'react';
import { commentFault, commentLength, commentText } from '../../model/comment.ts';
import { countCharacters } from '../../text/count.ts';

export interface CommentFieldProps {
  label: string;
  initial: string;
  /** Label of the button that sends the text. */
  action: string;
  busy: boolean;
  /** Called with the text whenever it changes. */
  onType?(text: string): void;
  /** Sends the text. Resolves to true if the desk has stored it; the field is emptied only then. */
  onSend(text: string): Promise<boolean>;
  onCancel?(): void;
}

/** A field for the text of a comment, with a counter of 字. It keeps the text until the desk has stored it. */
export class CommentField extends Component<CommentFieldProps, { text: string; fault: string }> {
  override state = { text: this.props.initial, fault: '' };

  readonly #type = (text: string): void => {
    this.setState({ text, fault: '' });
    this.props.onType?.(text);
  };

  readonly #send = async (): Promise<void> => {
    const { text } = this.state;
    if (this.props.busy) return;
    const fault = commentFault(text);
    if (fault !== undefined) this.setState({ fault: `${fault}。` });
    else if ((await this.props.onSend(commentText(text))) && this.state.text === text) this.#type('');
  };

  override render(): ReactNode {
    const { label, action, busy, onCancel } = this.props;
    const { text, fault } = this.state;
    const count = countCharacters(text);
    return h(
      'div',
      { className: 'note-field' },
      h(
        'label',
        null,
        label,
        h('textarea', {
          rows: 2,
          value: text,
          onChange: ({ target }: ChangeEvent<HTMLTextAreaElement>) => this.#type(target.value),
          onKeyDown: (event: KeyboardEvent) => {
            if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
            event.preventDefault();
            void this.#send();
          },
        }),
      ),
      h(
        'p',
        { className: 'note-actions' },
        h('button', { type: 'button', disabled: busy, onClick: () => void this.#send() }, action),
        onCancel ? h('button', { type: 'button', disabled: busy, onClick: onCancel }, '取消') : null,
        h(
          'span',
          { className: count > commentLength.max ? 'count wrong' : 'count' },
          `${count} / ${commentLength.max} 字`,
        ),
      ),
      h('p', { role: 'alert', className: 'note-fault' }, fault),
    );
  }
}
