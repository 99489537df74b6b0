// Runs in browser and Node: pure.
import { fullDateIn, isDateAlone } from './dates.ts';
import type { LabelledValue } from './labels.ts';
import type { FieldName, Found, NamedUnit } from './story.ts';
import { unitIn, withoutUnit } from './units.ts';
import { isPeople, people, tight } from './words.ts';

/**
 * What has been found about a story so far, field by field. A value that cannot be kept, since its field has another one
 * or there is no field for it, is among `leftOut`, so that nothing is lost without a word.
 */
export class Facts {
  readonly units: readonly NamedUnit[];
  readonly fields: Partial<Record<FieldName, Found>> = {};
  /** Photographer of all photos; empty if unknown. */
  credit = '';
  /** Date of the signature, and its year if it has no day. */
  signed: string | undefined;
  signedYear: string | undefined;
  readonly leftOut: string[] = [];

  constructor(units: readonly NamedUnit[]) {
    this.units = units;
  }

  /**
   * Sets a field, unless it has a value that is as sure. Returns false if the value is not kept: the field has another
   * one. An empty value sets nothing.
   */
  set(name: FieldName, value: string, sure: boolean, from: string): boolean {
    const known = this.fields[name];
    if (value === '' || (known?.value === value && (known.sure || !sure))) return true;
    if (known && (known.sure || !sure)) return false;
    if (known && known.value !== value && name !== 'unit') this.leftOut.push(`${known.from}：${known.value}`);
    this.fields[name] = { value, sure, from };
    return true;
  }

  /** Sets the unit that a text names. Returns whether it names one and that is the unit now. */
  setUnit(text: string, sure: boolean, from: string): boolean {
    const mention = unitIn(text, this.units);
    return mention !== undefined && this.set('unit', mention.unit.code, sure, from);
  }

  /** Sets the photographer of all photos. Returns false if there is another one already. */
  setCredit(names: string): boolean {
    if (this.credit === '') this.credit = people(names);
    return this.credit === people(names);
  }

  /** Takes over a value with a label. */
  take({ label, kind, value: written }: LabelledValue): void {
    const value = written.replace(/\s+/gu, ' ').trim();
    if (value !== '' && !this.#isKept(kind, value, label)) this.leftOut.push(`${label}：${value}`);
  }

  /** Takes over a value. Returns whether all of it is kept. */
  #isKept(kind: LabelledValue['kind'], value: string, label: string): boolean {
    switch (kind) {
      case 'title':
      case 'place':
        return this.set(kind, value, true, label);
      case 'unit': {
        const written = unitIn(value, this.units)?.written;
        return this.setUnit(value, true, label) && tight(value) === written;
      }
      case 'author':
        this.setUnit(value, false, label);
        return this.set('author', people(withoutUnit(value, this.units)), true, label);
      case 'proofreader':
        return this.set('proofreader', people(value), true, label);
      case 'credit':
        return this.setCredit(value);
      case 'date': {
        const date = fullDateIn(value);
        return date !== undefined && this.set('date', date, true, label) && isDateAlone(value);
      }
      case 'signed':
        this.signed ??= fullDateIn(value);
        return this.signed !== undefined && this.signed === fullDateIn(value);
      case 'supplied':
        return this.#keepsSupplier(value, label);
      case 'other':
        return false;
    }
  }

  /** Takes over who supplied the text: a unit, perhaps with a person, or only a person. */
  #keepsSupplier(value: string, label: string): boolean {
    const unit = unitIn(value, this.units);
    if (!unit) return this.set('author', people(value), false, label);
    const isUnitKept = this.set('unit', unit.unit.code, true, label);
    const rest = people(withoutUnit(value, this.units));
    if (rest === people(value)) return isUnitKept;
    return isPeople(rest) && this.set('author', rest, false, label) && isUnitKept;
  }
}
