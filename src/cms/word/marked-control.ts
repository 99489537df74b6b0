import { createElement as h, Fragment, type ReactNode } from 'react';
import type { Guess, GuessName } from '../../word/fields/guesses.ts';
import { textIn, type Control, type ControlProps } from '../widgets/widget.ts';
import { confirmGuess } from './guess-comment.ts';
import { importRecord, onImportRecord } from './import-record.ts';
import { LineList } from './line-list.ts';

/** Id of the element that marks a guess. */
function markId(name: GuessName): string {
  return `to-check-${name}`;
}

/** Shows the mark of a guess, and focuses its button. */
export function focusMark(name: GuessName): void {
  const mark = document.getElementById(markId(name));
  mark?.scrollIntoView({ block: 'center' });
  mark?.querySelector('button')?.focus({ preventScroll: true });
}

/**
 * Returns the mark beside a field whose value is to be checked.
 * @param label name of the field.
 * @param forId id of the field's control: a press by the keyboard leads there, as the button goes.
 */
function markOf({ name, from }: Guess, label: string, forId: string): ReactNode {
  const confirm = ({ detail }: { detail: number }): void => {
    confirmGuess(name);
    if (detail === 0) document.getElementById(forId)?.focus();
  };
  return h(
    'p',
    { id: markId(name), className: 'to-check', 'data-testid': markId(name) },
    h('strong', null, '请核对'),
    h('span', null, name === 'photos' ? '图片说明和摄影按 Word 里的位置推测' : `按${from}`),
    h('button', { type: 'button', 'aria-label': `核对过了：${label}`, onClick: confirm }, '核对过了'),
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
        guess ? markOf(guess, this.label, this.props.forID) : null,
        super.render(),
        name === 'body' ? h(LineList, { body: this.text }) : null,
      );
    }
  };
}
