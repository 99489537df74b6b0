import { createElement as h, type ReactNode } from 'react';
import type { Stage } from './photo-intake.ts';

/** How far a file is on its way. */
export interface Progress {
  id: number;
  name: string;
  stage: Stage;
  /** Of this stage, from 0 to 1. */
  part: number;
}

function sentenceOf({ name, stage }: Progress): string {
  switch (stage) {
    case 'waiting':
      return `“${name}”排在后面，请稍候`;
    case 'converting':
      return `正在转换“${name}”…`;
    case 'checking':
      return `正在检查“${name}”…`;
    case 'sending':
      return `正在上传“${name}” `;
  }
}

/** A line for each file on its way; only how much was sent can be measured. */
export function progressLines(files: readonly Progress[]): ReactNode {
  return files.map((file) =>
    h(
      'p',
      { key: file.id, role: 'status', className: 'progress' },
      sentenceOf(file),
      file.stage === 'sending' ? h('progress', { value: file.part, 'aria-label': file.name }) : null,
      file.stage === 'checking' || file.stage === 'converting' ? h('progress', { 'aria-label': file.name }) : null,
    ),
  );
}
