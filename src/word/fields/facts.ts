// Runs in browser and Node: pure.
import { fullDateIn } from './dates.ts';
import type { LabelledValue } from './labels.ts';
import type { FieldName, Found, NamedUnit } from './story.ts';
import { unitIn, withoutUnit } from './units.ts';
import { isPeople, people } from './words.ts';

/** What has been found about a story so far, field by field. */
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

  /** Sets a field, unless it has a value that is as sure. An empty value sets nothing. */
  set(name: FieldName, value: string, sure: boolean, from: string): void {
    const known = this.fields[name];
    if (value !== '' && (known === undefined || (!known.sure && sure))) this.fields[name] = { value, sure, from };
  }

  /** Sets the unit that a text names. Returns whether it names one. */
  setUnit(text: string, sure: boolean, from: string): boolean {
    const mention = unitIn(text, this.units);
    if (mention) this.set('unit', mention.unit.code, sure, from);
    return mention !== undefined;
  }

  /** Sets the author to the people of a text, whose unit may be named before them. */
  setAuthor(text: string, sure: boolean, from: string): void {
    this.set('author', people(withoutUnit(text, this.units)), sure, from);
  }

  /** Sets the person who wrote the text and took the photos. */
  setBoth(names: string): void {
    this.fields.author = { value: people(names), sure: true, from: '文/图' };
    this.credit = people(names);
  }

  /** Takes over a value with a label. A value that belongs to no field is kept among what is left out. */
  take({ label, kind, value: written }: LabelledValue): void {
    const value = written.replace(/\s+/gu, ' ').trim();
    if (value === '') return;
    switch (kind) {
      case 'title':
      case 'place':
        this.set(kind, value, true, label);
        return;
      case 'unit':
        if (!this.setUnit(value, true, label)) this.#leaveOut(label, value);
        return;
      case 'author':
        this.setUnit(value, false, label);
        this.setAuthor(value, true, label);
        return;
      case 'proofreader':
        this.set('proofreader', people(value), true, label);
        return;
      case 'credit':
        if (this.credit === '') this.credit = people(value);
        return;
      case 'date': {
        const date = fullDateIn(value);
        if (date === undefined) this.#leaveOut(label, value);
        else this.set('date', date, true, label);
        return;
      }
      case 'signed':
        this.signed ??= fullDateIn(value);
        return;
      case 'supplied':
        this.#takeSupplier(label, value);
        return;
      case 'other':
        this.#leaveOut(label, value);
    }
  }

  /** Takes over who supplied the text: a unit, perhaps with a person, or only a person. */
  #takeSupplier(label: string, value: string): void {
    if (!this.setUnit(value, true, label)) {
      this.set('author', people(value), false, label);
      return;
    }
    const rest = people(withoutUnit(value, this.units));
    if (isPeople(rest) && unitIn(rest, this.units) === undefined) this.set('author', rest, false, label);
  }

  #leaveOut(label: string, value: string): void {
    this.leftOut.push(`${label}：${value}`);
  }
}
