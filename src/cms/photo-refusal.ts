import { createElement as h, type ReactNode } from 'react';
import { findingLine, type Finding } from '../photo/finding.ts';
import { isWaivableInAll } from './desk-finding.ts';
import { asksForOriginal, OriginalRequest } from './original-request.ts';
import { comparison } from './photo-findings.ts';

/** A file that did not become a photo of the entry. */
export interface Refusal {
  id: number;
  name: string;
  /** What the rules say; empty where something else went wrong. */
  findings: readonly Finding[];
  /** What else went wrong. */
  sentence: string;
  /** As it would be sent, and the address of its picture in this window. */
  file?: File;
  picture?: string;
}

/** A refusal of a file that the rules judged. Its picture is kept as long as it is compared with another. */
export function refusalOf(id: number, name: string, findings: readonly Finding[], file: File): Refusal {
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
export function dismiss({ picture }: Refusal): void {
  if (picture !== undefined) URL.revokeObjectURL(picture);
}

/** Why a file was refused, what to do about it, and where a reviewer could waive it, the way to ask for that. */
export function refusalItem(refusal: Refusal, busy: boolean, onWaive: (file: File) => void): ReactNode {
  const { id, name, findings, sentence, file, picture } = refusal;
  return h(
    'li',
    { key: id },
    `“${name}”：${sentence}${findings.map(findingLine).join('')}`,
    findings.map(({ code, twin }) =>
      twin && picture !== undefined ? h('div', { key: code }, comparison(picture, twin)) : null,
    ),
    h(
      'span',
      { className: 'refusal-actions' },
      findings.some(asksForOriginal) ? h(OriginalRequest) : null,
      file && isWaivableInAll(findings)
        ? h('button', { type: 'button', disabled: busy, onClick: () => onWaive(file) }, '仍要上传，请审核人豁免')
        : null,
    ),
  );
}
