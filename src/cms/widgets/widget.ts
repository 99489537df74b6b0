import type { List, Map } from 'immutable';
import { Component } from 'react';

/** A map as Decap passes it: configuration, entries and their data are immutable maps. */
export type DecapMap = Map<string, unknown>;
export type EntryMap = DecapMap;

/** The props that Decap passes to a control; only those that are used here. */
export interface ControlProps {
  value: unknown;
  field: DecapMap;
  /** Configuration of the collection; undefined for a field inside a list. */
  collection?: DecapMap;
  forID: string;
  classNameWrapper: string;
  onChange(value: unknown): void;
  getEntry(): EntryMap | undefined;
  setActiveStyle(): void;
  setInactiveStyle(): void;
}

/** Result of a validation for Decap: true, or the message to show. It must not be a promise: Decap would never save. */
export type Verdict = true | { error: { type: 'CUSTOM'; message: string } };

/** Returns the result for a wrong value, with the sentence that Decap shows beside the field. */
export function refused(message: string): Verdict {
  return { error: { type: 'CUSTOM', message } };
}

/** Returns the string at a key of one of Decap's maps; empty if there is no string. */
export function textIn(map: DecapMap | undefined, key: string): string {
  const value = map?.get(key);
  return typeof value === 'string' ? value : '';
}

let revealing: ReturnType<typeof setTimeout> | undefined;

/**
 * Scrolls to the first fault after 50 ms, when Decap has listed all faults. When Decap refuses to save, it shows no
 * message, so editors would not see a fault outside the window.
 */
function revealFault(): void {
  clearTimeout(revealing);
  revealing = setTimeout(() => {
    document.querySelector('[class*="ControlErrorsList"]')?.scrollIntoView({ block: 'center' });
  }, 50);
}

/**
 * Base class of our controls. Before saving, Decap calls the method `isValid` of each control. A control without this
 * method counts as valid.
 */
export abstract class Control<State = object> extends Component<ControlProps, State> {
  /** Returns true always: otherwise Decap would not pass on changes of other fields of the entry. */
  override shouldComponentUpdate(): boolean {
    return true;
  }

  /**
   * Returns the result of `judge`; if the value is wrong, also scrolls to the first fault. Decap calls this before
   * saving, with another object as `this`.
   */
  readonly isValid = (): Verdict => {
    const verdict = this.judge();
    if (verdict !== true) revealFault();
    return verdict;
  };

  /**
   * Validates the value; subclasses override this. Returns true for an empty value: Decap itself checks required
   * fields.
   */
  protected judge(): Verdict {
    return true;
  }

  /** The field's label as sentences use it: without the note that the field is optional. */
  protected get label(): string {
    return textIn(this.props.field, 'label').replace(/（选填）$/u, '');
  }

  protected get text(): string {
    const { value } = this.props;
    return typeof value === 'string' ? value : '';
  }

  /** Whether the entry's file exists, so that values in its path can no longer change. */
  protected get filed(): boolean {
    const entry = this.props.getEntry();
    return entry !== undefined && entry.get('newRecord') !== true && textIn(entry, 'path') !== '';
  }
}

/** Returns the items of a list that are strings; empty if there is no list. */
export function textsOf(list: List<unknown> | undefined): string[] {
  return list ? list.toArray().filter((item): item is string => typeof item === 'string') : [];
}
