import { isList, isMap } from 'immutable';
import { createElement as h, type ReactNode } from 'react';
import { offeredPeriods, periodName, periodWords } from '../../model/reporting.ts';
import { reporting } from '../backend/site-settings.ts';
import { Control, textIn } from './widget.ts';
import { todayInChina } from './today.ts';

/** One choice: the text for `value`, and the words that are shown for it. */
interface Choice {
  value: string;
  label: string;
}

/** Base class of fields with a native list to choose one value from. */
abstract class ListControl extends Control {
  protected abstract choices(): readonly Choice[];

  /** Words of the choice without a value. */
  protected readonly nothing: string = '请选择';

  /** The text of the value that is chosen; empty if there is none. */
  protected get chosen(): string {
    return this.text;
  }

  /** Stores the value for the text of a choice; the text is empty if nothing is chosen. */
  protected choose(value: string): void {
    this.props.onChange(value === '' ? undefined : value);
  }

  /** Returns the words for a value that is not among the choices. */
  protected unlisted(value: string): string {
    return value;
  }

  override render(): ReactNode {
    const { forID, classNameWrapper, setActiveStyle, setInactiveStyle, field } = this.props;
    const choices = this.choices();
    const { chosen } = this;
    const isListed = chosen === '' || choices.some(({ value }) => value === chosen);
    const all = isListed ? choices : [{ value: chosen, label: this.unlisted(chosen) }, ...choices];
    return h(
      'select',
      {
        id: forID,
        className: classNameWrapper,
        value: chosen,
        'data-testid': `choose-${textIn(field, 'name')}`,
        onFocus: setActiveStyle,
        onBlur: setInactiveStyle,
        onChange: ({ target }: { target: { value: string } }) => this.choose(target.value),
      },
      h('option', { value: '' }, this.nothing),
      all.map(({ value, label }) => h('option', { key: value, value }, label)),
    );
  }
}

/** A field for one of the fixed values that the model declares. */
export class ChoiceControl extends ListControl {
  protected override choices(): readonly Choice[] {
    const options = this.props.field.get('options');
    if (!isList(options)) return [];
    return options
      .toArray()
      .flatMap((option) =>
        isMap(option) ? [{ value: String(option.get('value')), label: String(option.get('label')) }] : [],
      );
  }
}

/** A field for true or false, in words. Neither is chosen until somebody chooses, unless the model says where to start. */
export class FlagControl extends ListControl {
  protected override choices(): readonly Choice[] {
    return [
      { value: 'true', label: '是' },
      { value: 'false', label: '否' },
    ];
  }

  protected override get chosen(): string {
    const { value } = this.props;
    return typeof value === 'boolean' ? String(value) : this.text;
  }

  protected override choose(value: string): void {
    this.props.onChange(value === '' ? undefined : value === 'true');
  }
}

/** A field for the reporting period of an entry. Shows periods in words; an id that is no longer offered stays. */
export class PeriodControl extends ListControl {
  protected override readonly nothing = '不算报送';

  protected override choices(): readonly Choice[] {
    return offeredPeriods(todayInChina(), reporting()).map((period) => ({
      value: period.id,
      label: periodWords(period),
    }));
  }

  protected override unlisted(value: string): string {
    return periodName(value, reporting());
  }
}
