import { createElement as h, type ReactNode } from 'react';
import { findingLine, type Finding } from '../../photo/rules/finding.ts';
import { SIGN_IN_ADDRESS } from '../backend/desk-client.ts';
import { isWaivableInAll } from './desk-finding.ts';
import { asksForOriginal, CopyRequest } from './copy-request.ts';
import { duplicateComparison } from './photo-findings.ts';

/** A file as it is sent; `forWaiver`: a reviewer is asked to let it pass. */
export interface PhotoFile {
  file: File;
  forWaiver: boolean;
}

/** A file that did not become a photo of the entry. */
export interface PhotoRefusal {
  id: number;
  name: string;
  /** What the rules say; empty where something else went wrong. */
  findings: readonly Finding[];
  /** What else went wrong. */
  sentence: string;
  /** As it would be sent, and the address of its picture in this window. */
  file?: File;
  picture?: string;
  /** What is sent again, unchanged: no rule has refused it. */
  again?: PhotoFile;
  /** Nobody is signed in any more. */
  signedOut?: boolean;
}

/** A refusal of a file that the rules judged. Its picture is kept as long as it is compared with another. */
export function refusalOf(id: number, name: string, findings: readonly Finding[], file: File): PhotoRefusal {
  const compared = findings.some(({ twin }) => twin !== undefined);
  return {
    id,
    name,
    findings,
    sentence: '',
    file,
    ...(compared ? { picture: URL.createObjectURL(file) } : {}),
  };
}

/** Gives back what a refusal keeps in memory. */
export function dismiss({ picture }: PhotoRefusal): void {
  if (picture !== undefined) URL.revokeObjectURL(picture);
}

/** What can be done about a file that did not become a photo. */
export interface RefusalActions {
  /** Something else is on its way. */
  busy: boolean;
  onWaive(refusal: PhotoRefusal, file: File): void;
  onAgain(refusal: PhotoRefusal): void;
  onDrop(refusal: PhotoRefusal): void;
}

/** The ways to send a file again, or to do without it. */
function repetition(refusal: PhotoRefusal, { busy, onAgain, onDrop }: RefusalActions): ReactNode[] {
  const { name, again, signedOut } = refusal;
  if (!again) return [];
  const label = (words: string): string => `${words}：${name}`;
  return [
    signedOut
      ? h('a', { key: 'sign-in', href: SIGN_IN_ADDRESS, target: '_blank', rel: 'noopener' }, '去登录（新标签页）')
      : null,
    h(
      'button',
      {
        key: 'again',
        type: 'button',
        disabled: busy,
        'aria-label': label('再传一次'),
        onClick: () => onAgain(refusal),
      },
      '再传一次',
    ),
    h(
      'button',
      { key: 'drop', type: 'button', 'aria-label': label('不要这张'), onClick: () => onDrop(refusal) },
      '不要这张',
    ),
  ];
}

/**
 * Why a file was refused or did not arrive, what to do about it, and, where it helps, the ways to ask a reviewer to waive
 * it and to send it again.
 */
export function refusalItem(refusal: PhotoRefusal, deeds: RefusalActions): ReactNode {
  const { id, name, findings, sentence, file, picture } = refusal;
  return h(
    'li',
    { key: id },
    `“${name}”：${sentence}${findings.map(findingLine).join('')}`,
    findings.map(({ code, twin }) =>
      twin && picture !== undefined ? h('div', { key: code }, duplicateComparison(picture, twin)) : null,
    ),
    h(
      'span',
      { className: 'refusal-actions' },
      findings.some(asksForOriginal) ? h(CopyRequest) : null,
      file && isWaivableInAll(findings)
        ? h(
            'button',
            { type: 'button', disabled: deeds.busy, onClick: () => deeds.onWaive(refusal, file) },
            '仍要上传，请审核人豁免',
          )
        : null,
      repetition(refusal, deeds),
    ),
  );
}
