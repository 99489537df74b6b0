import { createElement as h, type ComponentType, type ReactNode, type RefAttributes } from 'react';
import { collectionNames } from '../../model/fields/collection-names.ts';
import { countBody, judgeBody } from '../../model/rules.ts';
import { EntrySearch, searchedKinds, type FoundEntry } from './entry-search.ts';
import { Control, refused, textIn, type ControlProps, type Verdict } from './widget.ts';
import { limits } from '../backend/site-settings.ts';

/** The part of the instance of Decap's control that is used here. */
interface Inner {
  focus?(path?: unknown): void;
}

/** Decap's Markdown control as a React component. */
export type StockControl = ComponentType<ControlProps & RefAttributes<Inner>>;

/** Returns a Markdown paragraph with a link to another entry. */
function paragraphWithLink({ title, url }: Pick<FoundEntry, 'title' | 'url'>): string {
  return `相关报道：[${title.replace(/[\\[\]*_`<>]/gu, '\\$&')}](${url})`;
}

/**
 * Returns a component with Decap's Markdown control, the number of 字 and a search for entries to link to. Like the
 * desk, it refuses a text over the limit.
 */
export function bodyControl(Stock: StockControl): new (props: ControlProps) => Control {
  return class BodyControl extends Control {
    #inner: Inner | null = null;
    /** The value last written by Decap's control, which reads its `value` only when it is mounted. */
    #own: unknown = this.props.value;
    /**
     * React key of Decap's control. Increased if the value was changed from outside, so that the control is mounted
     * again with the new value.
     */
    #mounting = 0;

    focus(path: unknown): void {
      this.#inner?.focus?.(path);
    }

    protected override judge(): Verdict {
      const name = collectionNames.find((one) => one === textIn(this.props.collection, 'name'));
      if (name === undefined || countBody(this.text) === 0) return true;
      const [fault] = judgeBody('', name, this.text, limits());
      return fault === undefined ? true : refused(`${fault.what}。${fault.remedy}`);
    }

    override render(): ReactNode {
      const { value, onChange, field } = this.props;
      if ((value ?? '') !== (this.#own ?? '')) {
        this.#own = value;
        this.#mounting += 1;
      }
      const count = countBody(this.text);
      const limit = field.get('limited') === true ? limits().textLimit : undefined;
      const over = limit !== undefined && count > limit;
      return h(
        'div',
        { className: 'body-control' },
        h(Stock, {
          ...this.props,
          key: this.#mounting,
          onChange: (changed: unknown) => {
            this.#own = changed;
            onChange(changed);
          },
          ref: (inner: Inner | null) => {
            this.#inner = inner;
          },
        }),
        h(
          'p',
          { className: over ? 'count wrong' : 'count', 'data-testid': 'counter', 'aria-live': 'polite' },
          `${count} ${limit === undefined ? '' : `/ ${limit} `}字${over ? `，请删减 ${count - limit} 字` : ''}`,
        ),
        h(
          'details',
          { className: 'linking' },
          h('summary', null, '在正文末尾加上以前的报道或典型'),
          h(EntrySearch, {
            kinds: [...searchedKinds.values()],
            label: '以前的报道或典型',
            without: [],
            onChoose: (found) => onChange([this.text.trimEnd(), paragraphWithLink(found)].join('\n\n').trimStart()),
          }),
        ),
      );
    }
  };
}
