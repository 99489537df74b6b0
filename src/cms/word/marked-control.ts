import { createElement as h, Fragment, type ReactNode } from 'react';
import type { Guess } from '../../word/fields/guesses.ts';
import { textIn, type Control, type ControlProps } from '../widgets/widget.ts';
import { confirmGuess } from './guess-comment.ts';
import { importRecord, onImportRecord } from './import-record.ts';
import { LineList } from './line-list.ts';

/** Returns the mark beside a field whose value is to be checked. */
function markOf({ name, from }: Guess, label: string): ReactNode {
  return h(
    'p',
    { className: 'to-check', 'data-testid': `to-check-${name}` },
    h('strong', null, '请核对'),
    h('span', null, name === 'photos' ? '图片说明和摄影按 Word 里的位置推测' : `按${from}`),
    h('button', { type: 'button', 'aria-label': `核对过了：${label}`, onClick: () => confirmGuess(name) }, '核对过了'),
  );
}

/**
 * Returns a control that also marks its value as 请核对 while it is a guess from a Word document. The control of the
 * body also lists the lines that were not understood.
 */
export function marked(Base: new (props: ControlProps) => Control): new (props: ControlProps) => Control {
  return class MarkedControl extends Base {
    #stop: (() => void) | undefined;

    override componentDidMount(): void {
      super.componentDidMount?.();
      this.#stop = onImportRecord(() => this.forceUpdate());
    }

    override componentWillUnmount(): void {
      this.#stop?.();
      super.componentWillUnmount?.();
    }

    override render(): ReactNode {
      const name = textIn(this.props.field, 'name');
      const guess = importRecord()?.guessAbout(name);
      return h(
        Fragment,
        null,
        guess ? markOf(guess, this.label) : null,
        super.render(),
        name === 'body' ? h(LineList, { body: this.text }) : null,
      );
    }
  };
}
