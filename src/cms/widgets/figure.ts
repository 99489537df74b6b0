import { isMap } from 'immutable';
import { createElement as h, type ChangeEvent, type ReactNode } from 'react';
import { z } from 'zod';
import { judgeNumber, type NumberBounds } from '../../model/fields/field.ts';
import { readTypedNumber } from '../../text/typed-number.ts';
import { Control, refused, textIn, type Verdict } from './widget.ts';

const boundsOption = z.object({ min: z.number(), max: z.number().optional(), fraction: z.boolean() });

interface FigureState {
  /** What was typed since the field got the focus; undefined if the field shows its value. */
  typed: string | undefined;
}

/**
 * A field for a number: a text field without arrows, so that the mouse wheel changes nothing. Text that is no number
 * stays in the entry as it was typed, with a sentence below it, until somebody mends it.
 */
export class FigureControl extends Control<FigureState> {
  override state: FigureState = { typed: undefined };

  /** Whether the value can no longer be changed. */
  protected get readOnly(): boolean {
    return false;
  }

  get #bounds(): NumberBounds {
    const option = this.props.field.get('bounds');
    const { min, max, fraction } = boundsOption.parse(isMap(option) ? option.toJS() : option);
    return { min, ...(max === undefined ? {} : { max }), fraction };
  }

  /** Returns the value of the entry for a typed text: a number, the text itself if it is no number, or undefined. */
  #valueOf(typed: string): unknown {
    return typed.trim() === '' ? undefined : (readTypedNumber(typed, this.#bounds) ?? typed);
  }

  #shown(): string {
    const { value } = this.props;
    const { typed } = this.state;
    if (typed !== undefined && this.#valueOf(typed) === (value ?? undefined)) return typed;
    return typeof value === 'number' || typeof value === 'string' ? String(value) : '';
  }

  /** Returns the sentence for a value that is no allowed number; undefined if it is one, or if there is no value. */
  #fault(): string | undefined {
    const { value, field } = this.props;
    if (value === undefined || value === null || value === '') return undefined;
    const fault = judgeNumber(this.label, value, this.#bounds);
    return fault === undefined ? undefined : `${fault}。${textIn(field, 'remedy')}`;
  }

  protected override judge(): Verdict {
    const fault = this.#fault();
    return fault === undefined ? true : refused(fault);
  }

  override render(): ReactNode {
    const { forID, classNameWrapper, onChange, setActiveStyle, setInactiveStyle } = this.props;
    const fault = this.#fault();
    const note = `${forID}-number`;
    return h(
      'div',
      null,
      h('input', {
        id: forID,
        className: classNameWrapper,
        type: 'text',
        inputMode: this.#bounds.fraction ? 'decimal' : 'numeric',
        autoComplete: 'off',
        value: this.#shown(),
        readOnly: this.readOnly,
        'aria-describedby': note,
        onFocus: setActiveStyle,
        onBlur: () => {
          this.setState({ typed: undefined });
          setInactiveStyle();
        },
        onChange: ({ target }: ChangeEvent<HTMLInputElement>) => {
          this.setState({ typed: target.value });
          onChange(this.#valueOf(target.value));
        },
      }),
      h('span', { id: note, className: 'count wrong', role: 'status', 'data-testid': 'number-fault' }, fault),
    );
  }
}
