import { createElement as h, type ReactNode } from 'react';
import { FigureControl } from './figure.ts';
import { Control } from './widget.ts';

/** The read-only id of an entry, which a new entry already has when its form opens (new-entry.ts). */
export class IdControl extends Control {
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
export class YearControl extends FigureControl {
  protected override get readOnly(): boolean {
    return this.filed;
  }
}
