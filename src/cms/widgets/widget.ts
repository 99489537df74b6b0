import type { List, Map } from 'immutable';
import { Component } from 'react';

/** Decap hands its configuration and its entries about as immutable maps. */
export type DecapMap = Map<string, unknown>;
export type EntryMap = DecapMap;

/** As much as is used of what Decap hands to a control. */
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

/** What Decap wants to hear of a value. It must be told at once: a promise never lets it save. */
export type Verdict = true | { error: { type: 'CUSTOM'; message: string } };

/** A refusal of a value, with the sentence that Decap shows beside the field. */
export function refused(message: string): Verdict {
  return { error: { type: 'CUSTOM', message } };
}

/** A string within one of Decap's maps; empty where there is none. */
export function textIn(map: DecapMap | undefined, key: string): string {
  const value = map?.get(key);
  return typeof value === 'string' ? value : '';
}

let revealing: ReturnType<typeof setTimeout> | undefined;

/** Brings the first fault into view once Decap has written all of them down: it refuses to save without a word. */
function revealFault(): void {
  clearTimeout(revealing);
  revealing = setTimeout(() => {
    document.querySelector('[class*="ControlErrorsList"]')?.scrollIntoView({ block: 'center' });
  }, 50);
}

/** A control of our own. A class: Decap asks it for `isValid` by reference, and takes silence for consent. */
export abstract class Control<State = object> extends Component<ControlProps, State> {
  /** Decap asks this too, and would else not pass on what changes in the entry around the field. */
  override shouldComponentUpdate(): boolean {
    return true;
  }

  /** Asked by Decap when it is about to save, with another object as `this`. */
  readonly isValid = (): Verdict => {
    const verdict = this.judge();
    if (verdict !== true) revealFault();
    return verdict;
  };

  /** What is wrong with the value as it stands; not what is still missing. */
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

  /** The entry has a file already, so that what its path repeats can no longer change. */
  protected get filed(): boolean {
    const entry = this.props.getEntry();
    return entry !== undefined && entry.get('newRecord') !== true && textIn(entry, 'path') !== '';
  }
}

/** Every value of a list that is a text. */
export function textsOf(list: List<unknown> | undefined): string[] {
  return list ? list.toArray().filter((item): item is string => typeof item === 'string') : [];
}
