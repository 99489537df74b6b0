import { createElement as h, type ReactNode } from 'react';
import type { FieldDifference } from './comparison.ts';
import type { Offer } from './offers.ts';

interface OfferItemProps {
  offer: Offer;
  isNew: boolean;
  onTake(): void;
  onDiscard(): void;
}

const OLDER = '在那以后，这一篇又保存过。取回再保存，会换掉后来保存的内容：请先看看不同。';

const moment = new Intl.DateTimeFormat('zh-CN', {
  timeZone: 'Asia/Shanghai',
  month: 'long',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
});

/** Returns when and where a copy was written, such as “11月30日 14:05 写在这个浏览器里”. */
export function writtenWords({ copy: { at, device }, isHere }: Offer): string {
  const place = isHere ? '这个浏览器里' : `另一台电脑或浏览器上${device === '' ? '' : `（${device}）`}`;
  return `${moment.format(new Date(at))} 写在${place}`;
}

function segmentElements({ segments }: FieldDifference): ReactNode[] {
  return segments.map(({ is, text }, index) => {
    const name = is === 'same' ? 'span' : is === 'gone' ? 'del' : 'ins';
    return h(name, { key: index }, text);
  });
}

function comparison({ differences }: Offer, isNew: boolean): ReactNode {
  if (differences.length === 0) return null;
  const count = `${differences.length} 栏`;
  return h(
    'details',
    { 'data-testid': 'unsaved-comparison' },
    h('summary', null, isNew ? `看写了什么（${count}）` : `和现在保存的有什么不同（${count}）`),
    isNew
      ? null
      : h(
          'p',
          { className: 'unsaved-key' },
          h('del', null, '划掉的'),
          '只在现在保存的里，',
          h('ins', null, '下面画线的'),
          '只在这份里。',
        ),
    h(
      'dl',
      null,
      differences.map((difference) =>
        h(
          'div',
          { key: difference.label },
          h('dt', null, difference.label),
          h('dd', null, isNew ? difference.segments.map(({ text }) => text).join('') : segmentElements(difference)),
        ),
      ),
    ),
  );
}

/** Returns the list item of an offer: when and where it was written, its comparison, and the two buttons. */
export function offerItem({ offer, isNew, onTake, onDiscard }: OfferItemProps): ReactNode {
  const { copy, title, isOlder } = offer;
  const name = title === '' ? '还没有标题' : `“${title}”`;
  const label = isNew ? `${name}，${writtenWords(offer)}` : writtenWords(offer);
  return h(
    'li',
    { key: copy.id, 'data-testid': 'unsaved-copy' },
    h('p', null, `${label}。`),
    isOlder ? h('p', { className: 'unsaved-older', 'data-testid': 'unsaved-older' }, OLDER) : null,
    comparison(offer, isNew),
    h(
      'div',
      { className: 'unsaved-actions' },
      h(
        'button',
        { type: 'button', className: 'unsaved-take', 'aria-label': `取回：${label}`, onClick: onTake },
        '取回',
      ),
      h('button', { type: 'button', 'aria-label': `不要了：${label}`, onClick: onDiscard }, '不要了'),
    ),
  );
}
