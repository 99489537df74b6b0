import { Component, createElement as h, type ChangeEvent, type SubmitEvent, type ReactNode } from 'react';
import { linkAddress } from '../../writing/document/link-address.ts';
import { EntrySearch, searchedKinds, type FoundEntry } from '../widgets/entry-search.ts';
import { Dialog } from './dialog.ts';

interface LinkDialogProps {
  /** Prefix of the ids of the dialog's elements. */
  id: string;
  /** Address of the link that is changed; empty for a new link. */
  address: string;
  /** Whether text is selected, which becomes the link: otherwise the dialog asks for a text. */
  hasText: boolean;
  onLink(href: string, text: string): void;
  /** Removes the link. Undefined if there is none. */
  onRemove: (() => void) | undefined;
  onClose(): void;
}

interface LinkDialogState {
  address: string;
  text: string;
  /** Whether the address is complete enough to be judged: people must not be blamed for the first letters. */
  isJudged: boolean;
}

/** Length of an address, in characters, from which it is judged while it is typed. */
const JUDGED_LENGTH = 4;

/** The dialog in which the address of a link is typed, or an earlier entry is chosen. */
export class LinkDialog extends Component<LinkDialogProps, LinkDialogState> {
  override state: LinkDialogState = { address: this.props.address, text: '', isJudged: false };

  #type(address: string): void {
    this.setState(({ isJudged }) => ({
      address,
      isJudged: address !== '' && (isJudged || address.length >= JUDGED_LENGTH || /\s/u.test(address)),
    }));
  }

  #submit(event: SubmitEvent): void {
    event.preventDefault();
    // React passes events on to the form of the entry, which is around the dialog.
    event.stopPropagation();
    const { address, text } = this.state;
    const made = linkAddress(address);
    if ('fault' in made) this.setState({ isJudged: true });
    else this.props.onLink(made.href, text.trim() === '' ? address.trim() : text.trim());
  }

  #field(name: 'address' | 'text', label: string, onType: (text: string) => void, faultId?: string): ReactNode {
    const id = `${this.props.id}-${name}`;
    return h(
      'p',
      { key: name },
      h('label', { htmlFor: id }, label),
      h('input', {
        id,
        type: 'text',
        inputMode: name === 'address' ? 'url' : undefined,
        autoComplete: 'off',
        autoFocus: name === 'address',
        value: this.state[name],
        'aria-describedby': faultId,
        'aria-invalid': faultId === undefined ? undefined : this.#fault !== '',
        onChange: (event: ChangeEvent<HTMLInputElement>) => onType(event.target.value),
      }),
    );
  }

  get #fault(): string {
    const { address, isJudged } = this.state;
    const made = linkAddress(address);
    return isJudged && 'fault' in made ? made.fault : '';
  }

  override render(): ReactNode {
    const { id, hasText, onRemove, onClose } = this.props;
    const fault = `${id}-fault`;
    return h(
      Dialog,
      { title: onRemove ? '改链接' : '加链接', onClose },
      h(
        'form',
        { onSubmit: (event: SubmitEvent) => this.#submit(event), noValidate: true },
        this.#field('address', '网址、邮箱或电话', (address) => this.#type(address), fault),
        h('p', { id: fault, className: 'writing-fault', role: 'status' }, this.#fault),
        hasText ? null : this.#field('text', '显示的文字（不填就显示网址）', (text) => this.setState({ text })),
        h(
          'p',
          { className: 'actions' },
          h('button', { type: 'submit' }, onRemove ? '改好' : '加上'),
          onRemove ? h('button', { type: 'button', onClick: onRemove }, '去掉链接') : null,
          h('button', { type: 'button', onClick: onClose }, '取消'),
        ),
      ),
      h('h3', null, '或者链接到以前的报道、典型'),
      h(EntrySearch, {
        kinds: [...searchedKinds.values()],
        label: '以前的报道或典型',
        without: [],
        onChoose: ({ url, title }: FoundEntry) => this.props.onLink(url, title),
      }),
    );
  }
}
