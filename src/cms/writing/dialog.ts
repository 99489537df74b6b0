import { Component, createElement as h, createRef, type MouseEvent, type ReactNode } from 'react';

interface DialogProps {
  title: string;
  children?: ReactNode;
  onClose(): void;
}

/** A modal dialog. It is open as long as it is rendered; Escape and a press beside it close it. */
export class Dialog extends Component<DialogProps> {
  readonly #dialog = createRef<HTMLDialogElement>();

  override componentDidMount(): void {
    // The browser would give the focus back to the text, with the caret at its start.
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    this.#dialog.current?.showModal();
  }

  override render(): ReactNode {
    const { title, children, onClose } = this.props;
    return h(
      'dialog',
      {
        ref: this.#dialog,
        className: 'writing-dialog',
        'aria-label': title,
        onClose,
        onMouseDown: (event: MouseEvent) => {
          if (event.target === event.currentTarget) onClose();
        },
      },
      h('h2', null, title),
      children,
    );
  }
}
