import { isMap, Map } from 'immutable';
import { createElement as h, type ReactNode } from 'react';
import { consentFaults } from '../../model/consents.ts';
import { chineseDate, isDate } from '../../text/date.ts';
import { textIn, type DecapMap } from '../widgets/widget.ts';

/** When and why a photo was withdrawn. `date` is YYYY-MM-DD. */
export interface PhotoWithdrawal {
  date: string;
  reason: string;
}

const NAME = 'withdrawn';

/** Returns when and why a photo in the form was withdrawn; undefined if it is not withdrawn. */
export function withdrawalOf(photo: DecapMap): PhotoWithdrawal | undefined {
  const value = photo.get(NAME);
  return isMap(value)
    ? { date: String(value.get('date') ?? ''), reason: String(value.get('reason') ?? '') }
    : undefined;
}

/** Returns the photo with the mark that the desk has stored in its withdrawal. */
export function withWithdrawal(photo: DecapMap, withdrawal: PhotoWithdrawal): DecapMap {
  return photo.set(NAME, Map({ ...withdrawal }));
}

/** Returns the note of a withdrawn photo: when, why and what to do. `mayErase` adds a link to the erasure. */
export function withdrawalNote({ date, reason }: PhotoWithdrawal, mayErase: boolean): ReactNode {
  const when = isDate(date) ? `${chineseDate(date)}撤下` : '已撤下';
  return h(
    'div',
    { className: 'withdrawal', 'data-testid': 'withdrawal' },
    h('p', null, `${when}：${reason}。网站上没有它；补上别的照片以后，可以从这里删去。`),
    mayErase ? h('p', null, h('a', { href: '/desk/withdrawn', target: '_blank' }, '撤下的照片和稿件')) : null,
  );
}

/** Returns a sentence if the consent to show a photo has ended by `today` (YYYY-MM-DD); otherwise undefined. */
export function consentNote(photo: DecapMap, today: string): string | undefined {
  const data = { photos: [{ src: textIn(photo, 'src'), consentUntil: textIn(photo, 'consentUntil') }] };
  const [fault] = consentFaults('', data, today);
  return fault && `${fault.what}。${fault.remedy}`;
}
