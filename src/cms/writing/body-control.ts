import type { EditorState } from 'prosemirror-state';
import { createElement as h, createRef, type ReactNode } from 'react';
import { collectionNames } from '../../model/fields/collection-names.ts';
import { countBody, judgeBody } from '../../model/rules.ts';
import { writeDocument } from '../../writing/document/write-document.ts';
import { limits } from '../backend/site-settings.ts';
import { Control, refused, textIn, type Verdict } from '../widgets/widget.ts';
import { entryDialog } from './entry-dialog.ts';
import { followKeyboard } from './keyboard-inset.ts';
import { LinkDialog } from './link-dialog.ts';
import { noticeBox } from './notice-box.ts';
import { formatStateOf, NO_FORMAT, type FormatState } from './surface/format-state.ts';
import { makeHeadings } from './surface/heading-offer.ts';
import { linkAt, withEntryLink, withLink, withoutLink } from './surface/links.ts';
import type { Notice } from './surface/notice.ts';
import { WritingSurface } from './surface/writing-surface.ts';
import { Toolbar } from './toolbar.ts';
import type { DialogName } from './tools.ts';
import './writing.css';

interface BodyState {
  format: FormatState;
  notice: Notice | undefined;
  /** A sentence about the last key; empty if there is none. */
  hint: string;
  dialog: DialogName | undefined;
}

/** Why a text is refused whose Markdown would show something else. No such text is known. */
const UNFAITHFUL =
  '正文里有一处排版存不下来，网页会显示成别的样子，所以还没有保存。请点“撤销”，退回刚才的样子，再换一种排法；文字可以先复制到别处';
/** Describes for screen readers how the keyboard leaves the text. */
const LEAVING = '按 Alt+F10 到排版按钮；按 Esc 再按 Tab 离开这一栏。';

/** Returns the photo field of the entry, or undefined if there is none. */
function photoField(): HTMLElement | undefined {
  return document.querySelector<HTMLElement>('input[type="file"][id^="photos-field"]') ?? undefined;
}

function toPhotoField(): void {
  const field = photoField();
  field?.closest('label')?.scrollIntoView({ block: 'center' });
  field?.focus();
}

/**
 * The body of an entry: what it shows is what the page shows. Its value is Markdown. Like the desk, it refuses a text
 * over the limit.
 */
export class BodyControl extends Control<BodyState> {
  override state: BodyState = { format: NO_FORMAT, notice: undefined, hint: '', dialog: undefined };
  readonly #place = createRef<HTMLDivElement>();
  readonly #field = createRef<HTMLDivElement>();
  /** Writes the text as Markdown. */
  protected readonly write: typeof writeDocument = writeDocument;
  #surface: WritingSurface | undefined;
  #unfollow: (() => void) | undefined;

  focus(): void {
    this.#surface?.view.focus();
  }

  override componentDidMount(): void {
    const { forID, setActiveStyle, setInactiveStyle } = this.props;
    const place = this.#place.current;
    if (!place) return;
    this.#unfollow = followKeyboard();
    this.#surface = new WritingSurface({
      place,
      id: forID,
      label: this.label,
      describedBy: `${forID}-leaving ${forID}-count`,
      value: this.text,
      write: this.write,
      onChange: (markdown) => this.props.onChange(markdown),
      onNotice: (notice) => this.setState({ notice }),
      onHint: (hint) => this.setState({ hint }),
      onState: (state) => this.#follow(state),
      onLink: () => this.setState({ dialog: 'link' }),
      onToolbar: () => this.#field.current?.querySelector<HTMLElement>('.writing-bar button[tabindex="0"]')?.focus(),
      onFocus: setActiveStyle,
      onBlur: setInactiveStyle,
    });
  }

  override componentDidUpdate(): void {
    this.#surface?.take(this.text);
  }

  override componentWillUnmount(): void {
    this.#unfollow?.();
    this.#surface?.destroy();
  }

  #follow(state: EditorState): void {
    const hint = this.#surface?.isFaithful === false ? `${UNFAITHFUL}。` : '';
    this.setState({ format: formatStateOf(state), hint });
  }

  protected override judge(): Verdict {
    if (this.#surface?.isFaithful === false) return refused(UNFAITHFUL);
    const name = collectionNames.find((one) => one === textIn(this.props.collection, 'name'));
    if (name === undefined || countBody(this.text) === 0) return true;
    const [fault] = judgeBody('', name, this.text, limits());
    return fault === undefined ? true : refused(`${fault.what}。${fault.remedy}`);
  }

  /** Closes the dialog and puts the focus back into the text. */
  #closeDialog(): void {
    this.setState({ dialog: undefined }, () => this.focus());
  }

  #dialog(): ReactNode {
    const surface = this.#surface;
    const { dialog } = this.state;
    if (!surface || dialog === undefined) return null;
    const close = (): void => this.#closeDialog();
    const change = (make: Parameters<WritingSurface['change']>[0]): void =>
      this.setState({ dialog: undefined }, () => surface.change(make));
    if (dialog === 'entry') return entryDialog((found) => change((state) => withEntryLink(state, found)), close);
    const { state } = surface.view;
    const existing = linkAt(state);
    return h(LinkDialog, {
      id: `${this.props.forID}-link`,
      address: existing?.href ?? '',
      hasText: existing !== undefined || !state.selection.empty,
      onLink: (href, text) => change((current) => withLink(current, href, text)),
      onRemove: existing ? () => change(withoutLink) : undefined,
      onClose: close,
    });
  }

  #notice(): ReactNode {
    const { notice } = this.state;
    const dismiss = (): void => this.setState({ notice: undefined });
    return noticeBox({
      notice,
      toPhotos: photoField() ? toPhotoField : undefined,
      onHeadings: () => {
        dismiss();
        this.#surface?.run(makeHeadings);
      },
      onDismiss: () => {
        dismiss();
        this.focus();
      },
    });
  }

  #counter(): ReactNode {
    const { field, forID } = this.props;
    const count = countBody(this.text);
    const limit = field.get('limited') === true ? limits().textLimit : undefined;
    const over = limit !== undefined && count > limit;
    return h(
      'p',
      {
        id: `${forID}-count`,
        className: over ? 'count wrong' : 'count',
        'data-testid': 'counter',
        'aria-live': 'polite',
      },
      `${count} ${limit === undefined ? '' : `/ ${limit} `}字${over ? `，请删减 ${count - limit} 字` : ''}`,
    );
  }

  override render(): ReactNode {
    const { forID } = this.props;
    const { format, hint } = this.state;
    return h(
      'div',
      { className: 'body-control', ref: this.#field },
      h(
        'div',
        { className: 'writing-head' },
        this.#notice(),
        h(
          'div',
          { className: 'writing-bar-place' },
          h(Toolbar, {
            format,
            controls: forID,
            canRun: (command) =>
              this.#surface !== undefined && command(this.#surface.view.state, undefined, this.#surface.view),
            onRun: (command) => this.#surface?.run(command),
            onOpen: (dialog) => this.setState({ dialog }),
          }),
        ),
      ),
      h('div', { className: 'writing-place', ref: this.#place }),
      h('p', { className: 'writing-hint', role: 'status' }, hint),
      h('p', { id: `${forID}-leaving`, hidden: true }, LEAVING),
      this.#counter(),
      this.#dialog(),
    );
  }
}
