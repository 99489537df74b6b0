import { createElement as h, type ReactNode } from 'react';
import { asOpened } from '../store/form-store.ts';
import { Control } from './widget.ts';

function digits(n: number, length: number): string {
  return String(n).padStart(length, '0');
}

/**
 * Returns a new id from local date and time and two random letters, such as `20260131-093005xk`. The letters (the first
 * two bytes of `random`) keep ids apart if two people create an entry in the same second.
 */
export function newId(now: Date, random: Uint8Array): string {
  const day = digits(now.getFullYear(), 4) + digits(now.getMonth() + 1, 2) + digits(now.getDate(), 2);
  const time = digits(now.getHours(), 2) + digits(now.getMinutes(), 2) + digits(now.getSeconds(), 2);
  const letters = Array.from(random.subarray(0, 2), (byte) => String.fromCharCode(97 + (byte % 26))).join('');
  return `${day}-${time}${letters}`;
}

/** The read-only id of an entry, created when the form of a new entry opens. A copy of an entry gets a new id. */
export class IdControl extends Control {
  override componentDidMount(): void {
    if (this.filed) return;
    const id = newId(new Date(), crypto.getRandomValues(new Uint8Array(2)));
    asOpened(() => this.props.onChange(id));
  }

  override render(): ReactNode {
    const { forID, classNameWrapper } = this.props;
    return h('input', { id: forID, className: classNameWrapper, value: this.text, readOnly: true });
  }
}

/** The name of an entry's file, if no field of the file contains it: editable until the file exists. */
export class KeyControl extends Control {
  /**
   * Returns the value that Decap validates. In a saved entry, the name is the entry's slug and is not part of its data.
   */
  getValidateValue(): string {
    return this.#name;
  }

  get #name(): string {
    const slug = this.filed ? this.props.getEntry()?.get('slug') : undefined;
    return typeof slug === 'string' ? slug : this.text;
  }

  override render(): ReactNode {
    const { forID, classNameWrapper, onChange } = this.props;
    return h('input', {
      id: forID,
      className: classNameWrapper,
      value: this.#name,
      readOnly: this.filed,
      inputMode: 'url',
      autoCapitalize: 'none',
      onChange: (event: { target: { value: string } }) => onChange(event.target.value.trim().toLowerCase()),
    });
  }
}

/** A year that is part of the path of the entry's file: editable until the file exists. */
export class YearControl extends Control {
  override render(): ReactNode {
    const { forID, classNameWrapper, onChange, value, field } = this.props;
    return h('input', {
      id: forID,
      className: classNameWrapper,
      type: 'number',
      min: Number(field.get('min')),
      max: Number(field.get('max')),
      value: typeof value === 'number' ? value : '',
      readOnly: this.filed,
      onChange: (event: { target: { value: string } }) =>
        onChange(event.target.value === '' ? undefined : Number(event.target.value)),
    });
  }
}
