import { createElement as h, type ReactNode } from 'react';
import { findingLine, type Finding } from '../../photo/rules/finding.ts';
import { SIGN_IN_ADDRESS } from '../backend/desk-client.ts';
import { isWaivableInAll } from './finding-schema.ts';
import { asksForOriginal, CopyRequest } from './copy-request.ts';
import { duplicateComparison } from './photo-findings.ts';

/** A file to be sent to the desk. */
export interface PhotoFile {
  file: File;
  /** Whether the file is sent although the rules refused it, so that a reviewer may waive its errors. */
  forWaiver: boolean;
  /** Key of the card whose photo the file is to replace; absent if the file is to be added. */
  replacing?: string | undefined;
}

/** A file that was not added to the entry, and the reason. */
export interface PhotoRefusal {
  id: number;
  name: string;
  /** The findings, if the rules refused the file; empty if the file failed for another reason. */
  findings: readonly Finding[];
  /**
   * The reason as a Chinese sentence, if the file failed for a reason other than the rules; empty if the rules refused
   * it.
   */
  sentence: string;
  /** The file to send if the editor asks for a waiver. */
  file?: File;
  /** Key of the card whose photo the file was to replace; absent if the file was to be added. */
  replacing?: string | undefined;
  /** Object URL of the refused picture, if it is compared with a duplicate. */
  picture?: string;
  /**
   * The file to send again, unchanged. Present only if the file did not arrive at the desk and no rule has refused it.
   */
  again?: PhotoFile;
  /** Whether the file did not arrive at the desk because nobody is signed in any more. */
  signedOut?: boolean;
}

/**
 * Returns the refusal of a file by the rules. If a finding names a duplicate, creates an object URL of the picture;
 * `dismiss` revokes it.
 */
export function refusalOf(
  id: number,
  name: string,
  findings: readonly Finding[],
  { file, replacing }: Pick<PhotoFile, 'file' | 'replacing'>,
): PhotoRefusal {
  const compared = findings.some(({ twin }) => twin !== undefined);
  return {
    id,
    name,
    findings,
    sentence: '',
    file,
    replacing,
    ...(compared ? { picture: URL.createObjectURL(file) } : {}),
  };
}

/** Revokes the object URL of a refusal, which frees the picture's memory. */
export function dismiss({ picture }: PhotoRefusal): void {
  if (picture !== undefined) URL.revokeObjectURL(picture);
}

/** Actions for a file that was not added to the entry. */
export interface RefusalActions {
  /** Whether other files are being sent. */
  busy: boolean;
  onWaive(refusal: PhotoRefusal, file: File): void;
  onAgain(refusal: PhotoRefusal): void;
  onDrop(refusal: PhotoRefusal): void;
}

/**
 * Returns the buttons that send a file again or remove it, and a link to sign in if nobody is signed in. Empty if
 * sending the file again cannot help.
 */
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
 * Returns the list item of a refusal: why a file was refused or did not arrive, and the remedy. Adds buttons to ask for
 * a waiver or to send the file again, if that may help.
 * @param ifTooSmall sentence that is added if the file is too small; empty if there is none.
 */
export function refusalItem(refusal: PhotoRefusal, actions: RefusalActions, ifTooSmall = ''): ReactNode {
  const { id, name, findings, sentence, file, picture } = refusal;
  const isTooSmall = findings.some(({ code }) => code === 'too-small');
  return h(
    'li',
    { key: id },
    `“${name}”：${sentence}${findings.map(findingLine).join('')}${isTooSmall ? ifTooSmall : ''}`,
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
