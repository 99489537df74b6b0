import { isMap } from 'immutable';
import { createElement as h, type ChangeEvent, type ReactNode } from 'react';
import { z } from 'zod';
import { judgeLength, type TextLength } from '../../model/fields/field.ts';
import { countCharacters } from '../../text/count.ts';
import { Control, refused, type Verdict } from './widget.ts';

const lengthOption = z.object({ min: z.number(), max: z.number().optional() });

/** Returns the required length in 字 from a field's option `length`; at least 1 if the option is missing. */
export function lengthOf(option: unknown): TextLength {
  const parsed = lengthOption.safeParse(option);
  if (!parsed.success) return { min: 1 };
  const { min, max } = parsed.data;
  return max === undefined ? { min } : { min, max };
}

/**
 * Returns an element with the number of 字 of a text and the required length, or with a sentence if the length is wrong.
 * Null if the length has no maximum.
 */
export function lengthNote(id: string, label: string, value: string, length: TextLength): ReactNode {
  const { min, max } = length;
  if (max === undefined) return null;
  const fault = judgeLength(label, value, length);
  const range = min > 1 ? `${min}–${max}` : String(max);
  const count = `${countCharacters(value)} / ${range} 字`;
  return h(
    'span',
    { id, className: fault === undefined ? 'count' : 'count wrong', 'data-testid': 'length' },
    fault ?? count,
  );
}

/** Base class of text fields that count 字 during typing and check the required length. */
abstract class TextControl extends Control {
  protected abstract readonly element: 'input' | 'textarea';

  get #length(): TextLength {
    const length = this.props.field.get('length');
    return lengthOf(isMap(length) ? length.toJS() : length);
  }

  protected override judge(): Verdict {
    const fault = judgeLength(this.label, this.text, this.#length);
    return fault === undefined ? true : refused(fault);
  }

  override render(): ReactNode {
    const { forID, classNameWrapper, setActiveStyle, setInactiveStyle, onChange } = this.props;
    const note = `${forID}-length`;
    return h(
      'div',
      null,
      h(this.element, {
        id: forID,
        className: classNameWrapper,
        ...(this.element === 'textarea' ? { rows: 4 } : { type: 'text' }),
        value: this.text,
        'aria-describedby': note,
        onFocus: setActiveStyle,
        onBlur: setInactiveStyle,
        onChange: (event: ChangeEvent<HTMLInputElement | HTMLTextAreaElement>) => onChange(event.target.value),
      }),
      lengthNote(note, this.label, this.text, this.#length),
    );
  }
}

/** A field for one line of text. */
export class LineControl extends TextControl {
  protected override readonly element = 'input';
}

/** A field for several lines of text. */
export class LinesControl extends TextControl {
  protected override readonly element = 'textarea';
}
