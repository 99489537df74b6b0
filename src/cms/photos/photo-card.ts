import { createElement as h, type CSSProperties, type ReactNode } from 'react';
import type { Fault } from '../../model/fault.ts';
import { textIn } from '../widgets/widget.ts';
import { isWaivableInAll } from './finding-schema.ts';
import type { KnownPhoto } from './findings-cache.ts';
import { exemptionNote, exemptionOf } from './photo-exemption.ts';
import { lengthFaults, missingFields, photoFieldset, wordsOf, type PhotoFieldsProps } from './photo-fields.ts';
import type { HandleEvents } from './photo-drag.ts';
import { ACCEPT } from './photo-drop.ts';
import { findingsList } from './photo-findings.ts';
import { consentNote, withdrawalNote, withdrawalOf } from './photo-withdrawal.ts';

/** Returns width and height in pixels and the file size, such as “4032×3024 · 3.2 MB”. `size` is in bytes. */
export function measureLine({ width, height, size }: Omit<KnownPhoto, 'findings'>): string {
  return `${width}×${height} · ${(size / 1024 / 1024).toFixed(1)} MB`;
}

/** Returns whether the fields of a photo need an editor: something is missing or too long, or the consent has ended. */
export function needsWork({ photo, today }: Pick<PhotoFieldsProps, 'photo' | 'today'>): boolean {
  return missingFields(photo).length > 0 || lengthFaults(photo).length > 0 || consentNote(photo, today) !== undefined;
}

export interface PhotoCardProps extends PhotoFieldsProps {
  /** Key of the card among the cards. It stays when the photo is turned or replaced. */
  cardKey: string;
  /** Number of photos in the entry. */
  of: number;
  /** Path of a small picture of the photo. */
  address: string;
  known: KnownPhoto | undefined;
  /** Whether the photo's entry is published, so that the photo may have been accepted under earlier rules. */
  published: boolean;
  mayExempt: boolean;
  /** Whether other files are being sent, so that the photo cannot be replaced now. */
  busy: boolean;
  /** Whether the fields are shown. */
  open: boolean;
  /** By how many quarter turns to the right, 0 to 3, the picture is shown turned until the desk has turned it. */
  quarters: number;
  /** Whether the desk is turning the photo. */
  turning: boolean;
  /** Why the photo was not turned, as a Chinese sentence; undefined if nothing went wrong. */
  turnFault: string | undefined;
  /** Whether the photo was replaced and nobody has looked at its words since. */
  replaced: boolean;
  /** Remarks on the words of the photo. */
  remarks: readonly Fault[];
  /** How far the card is dragged; undefined if it is not dragged. */
  offset: { x: number; y: number } | undefined;
  /** Whether a dragged card would be put where this card is. */
  target: boolean;
  handle: HandleEvents;
  /** Withdraws the photo; undefined if it is not published or the editor may not withdraw it. */
  onWithdraw: (() => void) | undefined;
  onExempt(reason: string): void;
  onOpen(open: boolean): void;
  onMove(by: number): void;
  onTurn(quarters: number): void;
  onReplace(file: File): void;
  onLookedAt(): void;
  onRemove(): void;
}

function actionButton(props: PhotoCardProps, label: string, onClick: () => void, disabled = false): ReactNode {
  return h('button', { type: 'button', disabled, 'aria-label': `${label}照片 ${props.number}`, onClick }, label);
}

/** Returns the buttons of a photo: to move it, then `others`, then to delete and to withdraw it. */
function actions(props: PhotoCardProps, ...others: ReactNode[]): ReactNode {
  const { id, number, of, onMove, onRemove, onWithdraw } = props;
  return h(
    'p',
    { className: 'photo-actions', id: `${id}-actions` },
    actionButton(props, '上移', () => onMove(-1), number === 1),
    actionButton(props, '下移', () => onMove(1), number === of),
    ...others,
    actionButton(props, '删除', onRemove),
    onWithdraw ? actionButton(props, '撤下', onWithdraw) : null,
  );
}

/** Returns the field with which another file is picked for a photo. */
function replaceField({ number, busy, onReplace }: PhotoCardProps): ReactNode {
  return h(
    'label',
    { className: busy ? 'replace busy' : 'replace' },
    '换一张',
    h('input', {
      type: 'file',
      accept: ACCEPT,
      disabled: busy,
      'aria-label': `换一张照片 ${number}`,
      'data-testid': 'photo-replace',
      onChange: ({ target }: { target: HTMLInputElement }) => {
        const [file] = target.files ?? [];
        target.value = '';
        if (file) onReplace(file);
      },
    }),
  );
}

/** Returns the handle for dragging and the buttons for turning, which lie on the picture. */
function pictureTools(props: PhotoCardProps): ReactNode {
  const { number, of, handle, onTurn } = props;
  const turnButton = (label: string, symbol: string, quarters: number): ReactNode =>
    h(
      'button',
      { type: 'button', title: label, 'aria-label': `${label}照片 ${number}`, onClick: () => onTurn(quarters) },
      h('span', { 'aria-hidden': true }, symbol),
    );
  return h(
    'div',
    { className: 'photo-tools' },
    turnButton('向左转', '↺', -1),
    turnButton('向右转', '↻', 1),
    // Only for pointers: the keyboard has the buttons 上移 and 下移.
    of > 1
      ? h(
          'span',
          {
            className: 'photo-handle',
            title: '拖动，改变照片的顺序',
            'aria-hidden': true,
            'data-testid': 'photo-handle',
            ...handle,
          },
          '⠿',
        )
      : null,
  );
}

/** Returns the line of photographer, consent and size. */
function factsLine({ photo, known, compare }: PhotoCardProps): ReactNode {
  const fact = (name: string, before = ''): ReactNode => {
    const words = wordsOf(photo, name);
    if (words === '') return null;
    const same = compare(name) === 'same' ? h('span', { className: 'same' }, '（同上）') : null;
    return h('span', { key: name, className: 'fact' }, `${before}${words}`, same);
  };
  return h(
    'p',
    { className: 'photo-facts' },
    fact('credit', '摄影 '),
    fact('consent'),
    h('span', { className: 'fact', 'data-testid': 'measure' }, known ? measureLine(known) : ''),
  );
}

/** Returns what is missing or wrong, and remarks; nothing if there is nothing to say. */
function notes(props: PhotoCardProps): ReactNode[] {
  const { photo, number, today, open, remarks, replaced, turning, turnFault, onLookedAt } = props;
  const missing = missingFields(photo);
  const ended = consentNote(photo, today);
  const wrong = [
    ...(missing.length > 0 ? [`还缺${missing.join('、')}`] : []),
    // With the fields open, these stand at their fields.
    ...(open ? [] : lengthFaults(photo)),
    ...(open || ended === undefined ? [] : [ended]),
  ];
  return [
    wrong.length > 0
      ? h('p', { key: 'wrong', className: 'photo-wrong', 'data-testid': 'photo-wrong' }, wrong.join('；'))
      : null,
    h(
      'p',
      { key: 'turn', role: 'alert', className: 'photo-wrong' },
      turnFault === undefined ? null : `照片 ${number} 没有转：${turnFault}`,
    ),
    turning
      ? h('p', { key: 'turning', className: 'photo-facts', 'data-testid': 'photo-turning' }, '正在转，请稍候…')
      : null,
    replaced
      ? h(
          'div',
          { key: 'replaced', className: 'photo-remark', 'data-testid': 'photo-replaced' },
          '照片换过了，文字还是原来那张的：请看看替代文字、图片说明、摄影和许可还合不合适。',
          h('button', { type: 'button', 'aria-label': `照片 ${number} 的文字看过了`, onClick: onLookedAt }, '看过了'),
        )
      : null,
    ...remarks.map(({ field, what, remedy }) =>
      h('p', { key: field, className: 'photo-remark', 'data-testid': 'photo-remark' }, `${what}。${remedy}`),
    ),
  ];
}

function cardClass({ open, known, offset, target }: PhotoCardProps): string {
  const found = (known?.findings.length ?? 0) > 0;
  return ['photo', open ? 'open' : '', found ? 'found' : '', offset ? 'dragged' : '', target ? 'target' : '']
    .filter(Boolean)
    .join(' ');
}

/** Returns the style of a card that is dragged; undefined otherwise. */
function draggedStyle({ offset }: PhotoCardProps): CSSProperties | undefined {
  return offset && { transform: `translate(${offset.x}px, ${offset.y}px)` };
}

/**
 * Returns the card of a photo: picture, caption, facts, what is missing, findings, fields, and buttons. The card of a
 * withdrawn photo has a note instead of picture and fields.
 */
export function photoCard(props: PhotoCardProps): ReactNode {
  const { cardKey, id, photo, number, address, known, published, mayExempt, open, quarters, onExempt, onOpen } = props;
  const findings = known?.findings ?? [];
  const withdrawal = withdrawalOf(photo);
  const common = { key: cardKey, style: draggedStyle(props), 'data-testid': 'photo' };
  if (withdrawal) {
    return h(
      'fieldset',
      { ...common, className: `${cardClass({ ...props, open: true })} withdrawn` },
      h('legend', null, `照片 ${number}`),
      withdrawalNote(withdrawal, mayExempt),
      actions({ ...props, onWithdraw: undefined }),
    );
  }
  return h(
    'fieldset',
    { ...common, className: cardClass(props) },
    h('legend', null, `照片 ${number}`),
    h('img', { src: address, alt: '', draggable: false, 'data-quarters': quarters }),
    pictureTools(props),
    h('p', { className: 'photo-words' }, textIn(photo, 'caption')),
    factsLine(props),
    notes(props),
    findingsList(findings, address),
    exemptionNote({
      id,
      number,
      exemption: exemptionOf(photo),
      waivable: isWaivableInAll(findings),
      published,
      mayExempt,
      onExempt,
    }),
    h(
      'details',
      {
        open,
        onToggle: ({ currentTarget }: { currentTarget: HTMLDetailsElement }) => onOpen(currentTarget.open),
      },
      h('summary', null, '文字与许可'),
      photoFieldset(props),
    ),
    actions(props, replaceField(props)),
  );
}
