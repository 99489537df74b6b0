import { createElement as h, type ReactNode } from 'react';
import { findingLine, type Finding } from '../../photo/rules/finding.ts';
import { SIGN_IN_ADDRESS } from '../backend/desk-client.ts';
import { isWaivableInAll } from './finding-schema.ts';
import { asksForOriginal, CopyRequest } from './copy-request.ts';
import { duplicateComparison } from './photo-findings.ts';

/** A file to be sent. `forWaiver`: a reviewer is asked to waive its errors. */
export interface PhotoFile {
  file: File;
  forWaiver: boolean;
}

/** A file that did not become a photo of the entry. */
export interface PhotoRefusal {
  id: number;
  name: string;
  /** What the rules found; empty if something else went wrong. */
  findings: readonly Finding[];
  /** What else went wrong. */
  sentence: string;
  /** The file that would be sent, and the object URL of its picture. */
  file?: File;
  picture?: string;
  /** The file to send again, unchanged, if no rule has refused it. */
  again?: PhotoFile;
  /** Nobody is signed in any more. */
  signedOut?: boolean;
}

/** Returns the refusal of a file that the rules judged; with its picture if that is compared with another. */
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

/** Frees the memory that a refusal holds. */
export function dismiss({ picture }: PhotoRefusal): void {
  if (picture !== undefined) URL.revokeObjectURL(picture);
}

/** Actions for a file that did not become a photo. */
export interface RefusalActions {
  /** Other files are on their way. */
  busy: boolean;
  onWaive(refusal: PhotoRefusal, file: File): void;
  onAgain(refusal: PhotoRefusal): void;
  onDrop(refusal: PhotoRefusal): void;
}

/** Returns the buttons to send a file again and to give it up. */
function retryButtons(refusal: PhotoRefusal, { busy, onAgain, onDrop }: RefusalActions): ReactNode[] {
  const { name, again, signedOut } = refusal;
  if (!again) return [];
  const label = (action: string): string => `${action}：${name}`;
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
 * Returns the list item of a refusal: why a file was refused or did not arrive, what to do about it, and buttons to ask
 * for a waiver or to send it again if that may help.
 */
export function refusalItem(refusal: PhotoRefusal, actions: RefusalActions): ReactNode {
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
            { type: 'button', disabled: actions.busy, onClick: () => actions.onWaive(refusal, file) },
            '仍要上传，请审核人豁免',
          )
        : null,
      retryButtons(refusal, actions),
    ),
  );
}
