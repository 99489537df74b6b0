import EditorControl from 'decap-cms-core/dist/esm/components/Editor/EditorControlPane/EditorControl.js';
import { is, isMap, type List } from 'immutable';
import { Component, createElement as h, createRef, type ReactNode } from 'react';
import type { FormPlace } from '../../model/collections/collection.ts';
import type { Fault, Verdict } from '../../model/fault.ts';
import { collectionNames, type CollectionName } from '../../model/fields/collection-names.ts';
import { limits } from '../backend/site-settings.ts';
import { refusedFaults, type Refusal } from '../backend/refused-faults.ts';
import { textIn, type DecapMap, type EntryMap } from '../widgets/widget.ts';
import { entryLinks } from './entry-links.ts';
import { judgeForm } from './entry-verdict.ts';
import { countWords, faultList, lineId, type ListedFault } from './fault-list.ts';
import { isSameFault } from './fault-line.ts';
import { controlOf, FaultMarks } from './field-element.ts';

/** The props that Decap passes to its pane of controls; only those that are used here. */
export interface FormProps {
  collection: DecapMap;
  entry: EntryMap;
  fields: List<DecapMap>;
  fieldsMetaData: DecapMap;
  fieldsErrors: DecapMap;
  onChange(field: DecapMap, value: unknown, metadata: unknown, i18n: undefined): void;
  onValidate(id: string, errors: unknown): void;
}

interface FormState {
  verdict: Verdict;
  /** The latest refusal by the desk, without the faults whose lines were closed. */
  refused: Refusal | undefined;
  /** Whether the list of faults is open. */
  listOpen: boolean;
  /** Whether fields at fault are marked: since the desk refused the entry or somebody used the list. */
  marked: boolean;
  /** Whether the figures are unfolded; undefined until somebody folds or unfolds them. */
  figuresOpen: boolean | undefined;
  /** Message for screen readers: the number of faults, once it has changed. */
  news: string;
}

/** A control as Decap refers to it: the wrapper of a widget, or the widget itself. */
interface ControlRef {
  innerWrappedControl?: { validate?(): void };
  validate?(): void;
  focus?(path: string): void;
}

function isControlRef(value: unknown): value is ControlRef {
  return typeof value === 'object' && value !== null;
}

/** Pause in typing, in milliseconds, after which the entry is checked again. */
const PAUSE = 250;
/** Width of the window, in CSS pixels, from which the list of faults is beside the sheet and open from the beginning. */
const WIDE = '(min-width: 1100px)';
/** Names of the fields for comments and for unsaved work, which have no value in files (config.ts). */
const COMMENTS = '_notes';
const UNSAVED = '_unsaved';

const BLANK: Verdict = { faults: [], remarks: [] };

/**
 * The form of an entry, which replaces Decap's own pane of controls (form-in-decap.ts): a list of what the entry still
 * lacks, a sheet to write on, and facts beside it. Each field is shown by Decap's component for a field. EditorInterface
 * of Decap calls the methods `validate`, `switchToDefaultLocale` and `focus`.
 */
export default class Form extends Component<FormProps, FormState> {
  override state: FormState = {
    verdict: this.#judge(),
    refused: undefined,
    listOpen: matchMedia(WIDE).matches,
    marked: false,
    figuresOpen: undefined,
    news: '',
  };
  readonly #root = createRef<HTMLDivElement>();
  readonly #summary = createRef<HTMLElement>();
  readonly #controls = new Map<string, ControlRef>();
  readonly #refs = new Map<string, (control: unknown) => void>();
  readonly #marks = new FaultMarks();
  #pause: ReturnType<typeof setTimeout> | undefined;
  /** The entry whose refusals this form lists, as collection/slug; empty for an entry that was never saved. */
  #listening = '';
  #stopListening: (() => void) | undefined;

  get #name(): CollectionName | undefined {
    return collectionNames.find((one) => one === textIn(this.props.collection, 'name'));
  }

  #judge(): Verdict {
    const name = this.#name;
    return name === undefined ? BLANK : judgeForm(name, this.props.entry, limits());
  }

  override componentDidMount(): void {
    this.#listen();
  }

  override componentDidUpdate(before: FormProps): void {
    this.#listen();
    const [then, now] = [before.entry.get('data'), this.props.entry.get('data')];
    if (then !== now) {
      clearTimeout(this.#pause);
      // The first data is what was loaded: it is checked at once.
      if (then === undefined) this.setState({ verdict: this.#judge() });
      else this.#pause = setTimeout(() => this.#judgeAgain(), PAUSE);
    }
    this.#mark();
  }

  override componentWillUnmount(): void {
    clearTimeout(this.#pause);
    this.#stopListening?.();
  }

  #judgeAgain(): void {
    const before = this.#listed().length;
    this.setState({ verdict: this.#judge() }, () => {
      const count = this.#listed().length;
      if (count !== before) this.setState({ news: countWords(this.#isDraft, count) });
    });
  }

  /** Lists the faults for which the desk refuses this entry, from its first save on. */
  #listen(): void {
    const { entry } = this.props;
    const slug = textIn(entry, 'slug');
    const key = slug === '' || this.#name === undefined ? '' : `${this.#name}/${slug}`;
    if (key === this.#listening) return;
    this.#stopListening?.();
    this.#listening = key;
    this.#stopListening =
      key === ''
        ? undefined
        : refusedFaults.listen(key, {
            data: () => this.props.entry.get('data'),
            show: (refusal) => this.#refuse(refusal),
          });
    const refused = refusedFaults.of(key);
    if (refused) this.setState({ refused, marked: true });
  }

  /** Shows the faults of a refusal and moves the focus to the list; without a refusal, removes the earlier one. */
  #refuse(refused: Refusal | undefined): void {
    if (refused === undefined) {
      this.setState({ refused, marked: false });
      return;
    }
    this.setState({ refused, listOpen: true, marked: true, verdict: this.#judge() }, () => {
      const summary = this.#summary.current;
      summary?.focus({ preventScroll: true });
      summary?.scrollIntoView({ block: 'nearest' });
    });
  }

  get #isDraft(): boolean {
    const { entry } = this.props;
    return entry.get('newRecord') === true || textIn(entry, 'status') === 'draft';
  }

  /** Returns whether the field of a fault has the value that the desk refused. */
  #isUnchanged({ field }: Fault): boolean {
    const { refused } = this.state;
    const path = field.split('.').map((step) => (/^\d+$/u.test(step) ? Number(step) : step));
    const then = refused && isMap(refused.data) ? refused.data.getIn(path) : undefined;
    return field === '' || is(this.props.entry.getIn(['data', ...path]), then);
  }

  /** Returns the faults to list, in the order of the form: those that the form finds, and those that only the desk could find. */
  #listed(): ListedFault[] {
    const { verdict, refused } = this.state;
    const own = verdict.faults.map((fault): ListedFault => ({ fault, isDesks: false }));
    const others = (refused?.faults ?? []).filter(
      (fault) => !verdict.faults.some((one) => isSameFault(one, fault)) && this.#isUnchanged(fault),
    );
    const listed = [...own, ...others.map((fault): ListedFault => ({ fault, isDesks: true }))];
    return listed.sort((one, other) => this.#positionOf(one.fault) - this.#positionOf(other.fault));
  }

  /** Returns the position of a fault's field in the form; 0 for a fault of the file as a whole. */
  #positionOf({ field }: Fault): number {
    return 1 + this.props.fields.findIndex((one) => textIn(one, 'name') === field.split('.')[0]);
  }

  #close(closed: Fault): void {
    this.setState({ refused: refusedFaults.close(this.#listening, closed) });
    this.#summary.current?.focus();
  }

  /** Scrolls to the field at a path and moves the focus to its control. Unfolds the figures if the field is there. */
  #go(path: string): void {
    const isFigure = this.#placed('figures').some((field) => textIn(field, 'name') === path.split('.')[0]);
    const figuresOpen = isFigure ? true : this.state.figuresOpen;
    this.setState({ figuresOpen, marked: true }, () => {
      const element = this.#elementOf(path);
      const control = element && controlOf(element, path);
      control?.focus({ preventScroll: true });
      (control ?? element)?.scrollIntoView({ block: 'center' });
    });
  }

  /** Returns the element of the field at a path; undefined if the form has no such field. */
  #elementOf(path: string): Element | undefined {
    const [top = ''] = path.split('.');
    return this.#root.current?.querySelector(`[data-field="${CSS.escape(top)}"]`) ?? undefined;
  }

  /** Marks the controls at fault, if the form has been refused or the list has been used. */
  #mark(): void {
    const lines = new Map<HTMLElement, string[]>();
    const listed = this.state.marked ? this.#listed() : [];
    listed.forEach(({ fault }, index) => {
      const element = this.#elementOf(fault.field);
      const control = element && controlOf(element, fault.field);
      if (control) lines.set(control, [...(lines.get(control) ?? []), lineId(index)]);
    });
    this.#marks.set(lines);
  }

  /** Validates all fields; Decap calls this before a save. */
  readonly validate = async (): Promise<void> => {
    for (const control of this.#controls.values()) {
      const inner = control.innerWrappedControl;
      if (inner?.validate) inner.validate();
      else control.validate?.();
    }
  };

  /** Does nothing: entries have one language. Decap waits for the promise before a save. */
  readonly switchToDefaultLocale = async (): Promise<void> => Promise.resolve();

  /** Moves the focus to the field at a path. */
  focus(path: string): void {
    this.#go(path);
  }

  #refOf(name: string): (control: unknown) => void {
    const existing = this.#refs.get(name);
    if (existing) return existing;
    const ref = (control: unknown): void => {
      if (isControlRef(control)) this.#controls.set(name, control);
    };
    this.#refs.set(name, ref);
    return ref;
  }

  #placed(place: FormPlace): DecapMap[] {
    return this.props.fields.toArray().filter((field) => field.get('place') === place);
  }

  #field(field: DecapMap): ReactNode {
    const { collection, entry, fieldsMetaData, fieldsErrors, onChange, onValidate } = this.props;
    const name = textIn(field, 'name');
    const isAtFault = this.state.marked && this.#listed().some(({ fault }) => fault.field.split('.')[0] === name);
    return h(
      'div',
      {
        key: name,
        className: isAtFault ? 'field at-fault' : 'field',
        'data-field': name,
        'data-widget': textIn(field, 'widget'),
      },
      h(EditorControl, {
        field,
        value: entry.getIn(['data', name]),
        collection,
        fieldsMetaData,
        fieldsErrors,
        isDisabled: false,
        isHidden: false,
        isFieldDuplicate: () => false,
        isFieldHidden: () => false,
        onChange: (changed, value, metadata) => onChange(changed, value, metadata, undefined),
        onValidate,
        controlRef: this.#refOf(name),
      }),
    );
  }

  #fieldNamed(name: string): ReactNode {
    const field = this.props.fields.find((one) => textIn(one, 'name') === name);
    return field ? this.#field(field) : null;
  }

  /** Returns the group of figures. Unless somebody folds it, it is unfolded if a figure has a value or a fault. */
  #figures(): ReactNode {
    const fields = this.#placed('figures');
    if (fields.length === 0) return null;
    const names = fields.map((field) => textIn(field, 'name'));
    const labels = fields.map((field) => textIn(field, 'label').replace(/（选填）$/u, ''));
    const filled = names.some((name) => !isEmpty(this.props.entry.getIn(['data', name])));
    const atFault = this.#listed().some(({ fault }) => names.includes(fault.field.split('.')[0] ?? ''));
    const open = this.state.figuresOpen ?? (filled || atFault);
    return h(
      'details',
      { className: 'figures', open },
      h(
        'summary',
        {
          onClick: (event: { preventDefault(): void }) => {
            event.preventDefault();
            this.setState({ figuresOpen: !open });
          },
        },
        `${labels.slice(0, 3).join('、')}${labels.length > 3 ? '……' : ''}`,
      ),
      fields.map((field) => this.#field(field)),
    );
  }

  /** Returns the comments on a saved entry and the links to other views of it. */
  #talk(name: CollectionName): ReactNode {
    const { entry, collection } = this.props;
    const links = entryLinks(name, entry, collection.getIn(['editor', 'preview']) === true);
    return h(
      'section',
      { className: 'box talk', 'aria-label': '往来', hidden: links === null },
      h('h2', null, '往来'),
      this.#fieldNamed(COMMENTS),
      links,
    );
  }

  #facts(): ReactNode {
    const facts = this.#placed('facts');
    if (facts.length === 0) return null;
    return h(
      'section',
      { className: 'box facts', 'aria-label': '这一篇' },
      h('h2', null, '这一篇'),
      facts.map((field) => this.#field(field)),
      this.#figures(),
    );
  }

  override render(): ReactNode {
    const { entry, fields } = this.props;
    const name = this.#name;
    // Decap renders the pane before the entry is loaded.
    if (name === undefined || !fields || entry.size === 0 || entry.get('partial') === true) return null;
    const { verdict, listOpen, news } = this.state;
    const listed = this.#listed();
    const isDraft = this.#isDraft;
    return h(
      'div',
      { className: 'form', ref: this.#root, 'data-testid': 'form' },
      this.#fieldNamed(UNSAVED),
      h(
        'div',
        { className: this.#placed('facts').length > 0 ? 'form-columns with-title' : 'form-columns' },
        faultList({
          isDraft,
          faults: listed,
          remarks: verdict.remarks,
          open: listOpen,
          summary: this.#summary,
          onOpen: (open) => this.setState({ listOpen: open, marked: true }),
          onGo: (field) => this.#go(field),
          onClose: (fault) => this.#close(fault),
        }),
        this.#talk(name),
        h(
          'main',
          { className: 'box sheet' },
          this.#placed('sheet').map((field) => this.#field(field)),
        ),
        this.#facts(),
      ),
      h('p', { className: 'news', role: 'status' }, news),
    );
  }
}

/** Returns whether the value of a field is empty: absent, an empty text, or an empty list. */
function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '' || value === false) return true;
  return typeof value === 'object' && 'size' in value && value.size === 0;
}
