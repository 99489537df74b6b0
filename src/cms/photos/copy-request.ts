import { Component, createElement as h, createRef, type ReactNode } from 'react';
import { ASK_FOR_ORIGINAL } from '../../photo/rules/finding.ts';

/** Message that asks the sender of a photo for the original file; editors copy it into WeChat. */
export const ORIGINAL_REQUEST =
  '您好！请在微信里重新发一次这张照片：选照片时勾选左下角的“原图”再发送，这样照片才够清晰，谢谢！';

/**
 * Returns whether it may help to ask the sender of a photo for the original file. It may help if the finding's remedy
 * mentions how WeChat sends originals (`ASK_FOR_ORIGINAL`).
 */
export function asksForOriginal({ remedy }: { remedy: string }): boolean {
  return remedy.includes(ASK_FOR_ORIGINAL);
}

type Copying = 'ready' | 'copied' | 'by hand';

/**
 * A button that copies `ORIGINAL_REQUEST`. If the page may not write to the clipboard, shows a field with the selected
 * text.
 */
export class CopyRequest extends Component<object, { copying: Copying }> {
  override state: { copying: Copying } = { copying: 'ready' };
  readonly #field = createRef<HTMLTextAreaElement>();

  override componentDidUpdate(): void {
    if (this.state.copying === 'by hand') this.#field.current?.select();
  }

  readonly #copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(ORIGINAL_REQUEST);
      this.setState({ copying: 'copied' });
    } catch {
      // The page may not use the clipboard: it was not loaded over HTTPS, or the browser forbids it.
      this.setState({ copying: 'by hand' });
    }
  };

  override render(): ReactNode {
    const { copying } = this.state;
    return h(
      'span',
      { className: 'request' },
      h('button', { type: 'button', onClick: () => void this.#copy() }, '复制给发照片的人'),
      h('span', { role: 'status', className: 'request-state' }, copying === 'copied' ? '已复制' : ''),
      copying === 'by hand'
        ? h('textarea', {
            ref: this.#field,
            readOnly: true,
            rows: 3,
            value: ORIGINAL_REQUEST,
            'aria-label': '请长按或按 Ctrl+C 复制这段话',
          })
        : null,
    );
  }
}
