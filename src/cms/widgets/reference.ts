import { isList, List } from 'immutable';
import { createElement as h, type ReactNode } from 'react';
import { pathParameters } from '../../model/entry-path.ts';
import { collectionNames } from '../../model/fields/collection-names.ts';
import { hasRole } from '../../model/roles.ts';
import { asOpened } from '../store/form-store.ts';
import { Control, textIn, textsOf } from './widget.ts';
import { EntrySearch, searchedKinds } from './entry-search.ts';
import { currentEditor } from '../backend/current-editor.ts';
import { referenceOptionsOf, learnName, nameOf, type ReferenceOption } from '../backend/site-settings.ts';

/** Number of entries in a collection above which a control has a field to filter or search the entries. */
const LONG = 10;

interface Narrowing {
  words: string;
}

type Changed = { target: { value: string } };

/** Returns the choices whose name or key contains every word of `words`, ignoring case. */
export function filterChoices(choices: readonly ReferenceOption[], words: string): readonly ReferenceOption[] {
  const wanted = words.toLowerCase().split(/\s+/u).filter(Boolean);
  return choices.filter(({ label, value }) => wanted.every((word) => `${label} ${value}`.toLowerCase().includes(word)));
}

/** Base class of controls that choose among the entries of a collection by name. */
abstract class Picker extends Control<Narrowing> {
  override state: Narrowing = { words: '' };

  protected get to(): string {
    return textIn(this.props.field, 'to');
  }

  /**
   * Returns a field that filters a long list, or searches the text of stories or examples; null for a short list. In
   * the field, Enter chooses the choice if only one is left.
   */
  protected narrowing(
    choices: readonly ReferenceOption[],
    chosen: readonly string[],
    take: (value: string) => void,
  ): ReactNode {
    const { words } = this.state;
    if (referenceOptionsOf(this.to).length <= LONG) return null;
    const kind = searchedKinds.get(this.to);
    if (kind !== undefined) {
      return h(EntrySearch, {
        kinds: [kind],
        label: this.label,
        without: chosen,
        onChoose: ({ key, label }) => {
          learnName(this.to, { value: key, label });
          take(key);
        },
      });
    }
    return h('input', {
      type: 'search',
      className: 'narrowing',
      placeholder: '输入几个字来筛选',
      'aria-label': `筛选${this.label}`,
      value: words,
      onChange: ({ target }: Changed) => this.setState({ words: target.value }),
      onKeyDown: (event: { key: string; preventDefault(): void }) => {
        if (event.key !== 'Enter') return;
        event.preventDefault();
        const [only, other] = choices;
        if (only && !other) take(only.value);
      },
    });
  }

  /** Returns the select element; `first` is the text of its empty option. */
  protected offer(
    id: string,
    value: string,
    first: string,
    choices: readonly ReferenceOption[],
    take: (value: string) => void,
  ) {
    return h(
      'select',
      {
        id,
        value,
        'data-testid': `choose-${textIn(this.props.field, 'name')}`,
        onChange: ({ target }: Changed) => take(target.value),
      },
      h('option', { value: '' }, first),
      choices.map((choice) => h('option', { key: choice.value, value: choice.value }, choice.label)),
    );
  }
}

/**
 * Control to choose one entry: a unit, an activity, a story or an example. Read-only if the field is part of the file's
 * path and the file exists.
 */
export class EntryControl extends Picker {
  get #locked(): boolean {
    const name = collectionNames.find((one) => one === textIn(this.props.collection, 'name'));
    return this.filed && name !== undefined && pathParameters(name).includes(textIn(this.props.field, 'name'));
  }

  /**
   * The unit of an author, which is filled in without a choice. Undefined for editors with other roles and for other
   * fields.
   */
  get #own(): string | undefined {
    const mine =
      this.to === 'units' && textIn(this.props.field, 'name') === 'unit' && !hasRole(currentEditor(), 'reviewer');
    return mine ? currentEditor().unit : undefined;
  }

  override componentDidMount(): void {
    const own = this.#own;
    if (own !== undefined && this.text === '') asOpened(() => this.props.onChange(own));
  }

  override render(): ReactNode {
    const { forID, classNameWrapper, onChange } = this.props;
    if (this.#locked || this.#own !== undefined) {
      return h('input', { id: forID, className: classNameWrapper, value: nameOf(this.to, this.text), readOnly: true });
    }
    const found = filterChoices(referenceOptionsOf(this.to), this.state.words);
    const chosen = { value: this.text, label: nameOf(this.to, this.text) };
    const listed = this.text === '' || found.some(({ value }) => value === this.text) ? found : [chosen, ...found];
    const first = found.length === 0 ? '没有符合的' : '请选择';
    return h(
      'div',
      { className: `${classNameWrapper} picker` },
      this.narrowing(found, [this.text], onChange),
      this.offer(forID, this.text, first, listed, onChange),
    );
  }
}

/** Control to choose several entries, kept in the order in which they were chosen. */
export class EntriesControl extends Picker {
  override render(): ReactNode {
    const { forID, classNameWrapper, onChange, value } = this.props;
    const keys = isList(value) ? textsOf(value) : [];
    const left = filterChoices(referenceOptionsOf(this.to), this.state.words).filter(
      (choice) => !keys.includes(choice.value),
    );
    const take = (key: string): void => {
      if (key !== '') onChange(List([...keys, key]));
    };
    return h(
      'div',
      { className: `${classNameWrapper} picker` },
      h(
        'ul',
        { className: 'chosen', 'aria-label': `已选的${this.label}` },
        keys.map((key) =>
          h(
            'li',
            { key },
            nameOf(this.to, key),
            h(
              'button',
              {
                type: 'button',
                'aria-label': `去掉${nameOf(this.to, key)}`,
                onClick: () => onChange(List(keys.filter((other) => other !== key))),
              },
              '×',
            ),
          ),
        ),
      ),
      this.narrowing(left, keys, take),
      this.offer(forID, '', left.length === 0 ? '没有可加的' : '添加…', left, take),
    );
  }
}
