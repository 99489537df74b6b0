import { createElement as h, type ReactNode } from 'react';
import type { Notice } from './surface/notice.ts';

interface NoticeBoxProps {
  notice: Notice | undefined;
  /** Puts the focus into the photo field. Undefined if the entry has none. */
  toPhotos: (() => void) | undefined;
  onHeadings(): void;
  onDismiss(): void;
}

function button(label: string, onClick: () => void): ReactNode {
  return h('button', { type: 'button', onClick }, label);
}

/** Returns the box above the text that says what a writer has to know about something that was pasted. */
export function noticeBox({ notice, toPhotos, onHeadings, onDismiss }: NoticeBoxProps): ReactNode {
  const { sentences = [], headings = 0, hasPictures = false } = notice ?? {};
  const offer = headings === 0 ? [] : [`有 ${headings} 行像小标题（以“一、”“（一）”开头）。`];
  return h(
    'div',
    { className: notice === undefined ? undefined : 'writing-notice' },
    // The element is always there: screen readers announce changes of it, but not a new one.
    h(
      'div',
      { role: 'status', 'data-testid': 'writing-notice' },
      [...sentences, ...offer].map((sentence) => h('p', { key: sentence }, sentence)),
    ),
    notice === undefined
      ? null
      : h(
          'div',
          { className: 'writing-notice-actions' },
          hasPictures && toPhotos ? button('去放照片', toPhotos) : null,
          headings > 0 ? button(`把这 ${headings} 行排成小标题`, onHeadings) : null,
          button('知道了', onDismiss),
        ),
  );
}
