import { createElement as h, type ReactNode } from 'react';
import { chineseDate, isDate } from '../../text/date.ts';
import { Control, refused, type Verdict } from './widget.ts';

/** A field for a date: the browser's date input, and beside it the date in Chinese. */
export class DayControl extends Control {
  protected override judge(): Verdict {
    return this.text === '' || isDate(this.text) ? true : refused(`${this.label}不是一个真实的日期`);
  }

  override render(): ReactNode {
    const { forID, classNameWrapper, onChange, setActiveStyle, setInactiveStyle } = this.props;
    const reading = isDate(this.text) ? chineseDate(this.text) : '还没有选日期';
    return h(
      'div',
      { className: `${classNameWrapper} day` },
      h('input', {
        id: forID,
        type: 'date',
        value: this.text,
        'aria-describedby': `${forID}-reading`,
        onFocus: setActiveStyle,
        onBlur: setInactiveStyle,
        onChange: (event: { target: { value: string } }) => onChange(event.target.value),
      }),
      h('span', { id: `${forID}-reading`, 'data-testid': 'reading' }, reading),
    );
  }
}
