import { createElement as h, type ReactNode, type RefObject } from 'react';
import type { Fault } from '../../model/fault.ts';
import { faultWords } from './fault-line.ts';

/** A fault in the list. `isDesks` says that only the desk can find it, so the line can be closed. */
export interface ListedFault {
  fault: Fault;
  isDesks: boolean;
}

export interface FaultListProps {
  /** Whether the entry is a draft, which is sent to review next. */
  isDraft: boolean;
  faults: readonly ListedFault[];
  remarks: readonly Fault[];
  open: boolean;
  /** The element that gets the focus when the desk has refused the entry. */
  summary: RefObject<HTMLElement | null>;
  onOpen(open: boolean): void;
  onGo(field: string): void;
  onClose(fault: Fault): void;
}

/** Returns the id of the line with this position in the list. */
export function lineId(index: number): string {
  return `fault-line-${index}`;
}

/** Returns the heading of the list. */
export function countWords(isDraft: boolean, count: number): string {
  if (count > 0) return `${isDraft ? '送审以前' : '这一篇'}还差 ${count} 处`;
  return isDraft ? '没有缺的，可以送审' : '没有缺的';
}

function line({ fault, isDesks }: ListedFault, index: number, { onGo, onClose }: FaultListProps): ReactNode {
  const words = faultWords(fault);
  return h(
    'li',
    { key: `${fault.field} ${fault.what}` },
    fault.field === ''
      ? h('p', { id: lineId(index) }, words)
      : h('button', { type: 'button', id: lineId(index), className: 'go', onClick: () => onGo(fault.field) }, words),
    isDesks
      ? h(
          'button',
          { type: 'button', className: 'close', 'aria-label': `知道了：${words}`, onClick: () => onClose(fault) },
          '知道了',
        )
      : null,
  );
}

/**
 * Returns the list of what an entry lacks: one line for each fault, which leads to its field, and the remarks apart. Null
 * for a published entry without any.
 */
export function faultList(props: FaultListProps): ReactNode {
  const { isDraft, faults, remarks, open, summary, onOpen } = props;
  if (!isDraft && faults.length === 0 && remarks.length === 0) return null;
  const heading = h('h2', null, countWords(isDraft, faults.length));
  return h(
    'section',
    { className: 'box faults', 'aria-label': '还差什么', 'data-testid': 'faults' },
    faults.length === 0
      ? h('div', { className: 'none', ref: summary, tabIndex: -1 }, heading)
      : h(
          'details',
          { open },
          h(
            'summary',
            {
              ref: summary,
              onClick: (event: { preventDefault(): void }) => {
                event.preventDefault();
                onOpen(!open);
              },
            },
            heading,
          ),
          h(
            'ol',
            null,
            faults.map((fault, index) => line(fault, index, props)),
          ),
        ),
    remarks.length === 0
      ? null
      : h(
          'div',
          { className: 'remarks' },
          h('h3', null, '提醒'),
          h(
            'ul',
            null,
            remarks.map((remark) => h('li', { key: `${remark.field} ${remark.what}` }, faultWords(remark))),
          ),
        ),
  );
}
