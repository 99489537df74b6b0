import type { List, Map } from 'immutable';
import { Component } from 'react';

/** Decap passes its configuration and its entries as immutable maps. */
export type DecapMap = Map<string, unknown>;
export type EntryMap = DecapMap;

/** The props that Decap passes to a control, as far as they are used here. */
export interface ControlProps {
  value: unknown;
  field: DecapMap;
  /** The collection; absent inside a list. */
  collection?: DecapMap;
  forID: string;
  classNameWrapper: string;
  onChange(value: unknown): void;
  getEntry(): EntryMap | undefined;
  setActiveStyle(): void;
  setInactiveStyle(): void;
}

/** Decap's result of a validation. It must not be a promise: with one, Decap never saves. */
export type Verdict = true | { error: { type: 'CUSTOM'; message: string } };

/** Returns the refusal of a value, with the sentence that Decap shows beside the field. */
export function refused(message: string): Verdict {
  return { error: { type: 'CUSTOM', message } };
}

/** Returns a string in one of Decap's maps; empty if there is none. */
export function textIn(map: DecapMap | undefined, key: string): string {
  const value = map?.get(key);
  return typeof value === 'string' ? value : '';
}

let revealing: ReturnType<typeof setTimeout> | undefined;

/** Scrolls to the first fault once Decap has listed them all: Decap refuses to save without a message. */
function revealFault(): void {
  clearTimeout(revealing);
  revealing = setTimeout(() => {
    document.querySelector('[class*="ControlErrorsList"]')?.scrollIntoView({ block: 'center' });
  }, 50);
}

/** Base class of our controls. Decap calls `isValid` on the instance and takes a missing one as valid. */
export abstract class Control<State = object> extends Component<ControlProps, State> {
  /** Always true: otherwise Decap does not pass on changes in the rest of the entry. */
  override shouldComponentUpdate(): boolean {
    return true;
  }

  /** Called by Decap before it saves, with another object as `this`. */
  readonly isValid = (): Verdict => {
    const verdict = this.judge();
    if (verdict !== true) revealFault();
    return verdict;
  };

  /** Returns what is wrong with the value; a missing value is not wrong. */
  protected judge(): Verdict {
    return true;
  }

  protected get label(): string {
    return textIn(this.props.field, 'label');
  }

  protected get text(): string {
    const { value } = this.props;
    return typeof value === 'string' ? value : '';
  }

  /** The entry's file exists, so that values in its path can no longer change. */
  protected get filed(): boolean {
    const entry = this.props.getEntry();
    return entry !== undefined && entry.get('newRecord') !== true && textIn(entry, 'path') !== '';
  }
}

/** Returns the values of a list that are strings. */
export function textsOf(list: List<unknown> | undefined): string[] {
  return list ? list.toArray().filter((item): item is string => typeof item === 'string') : [];
}
