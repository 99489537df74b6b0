import { createElement as h, type ReactNode } from 'react';
import type { Stage } from './photo-pipeline.ts';
import { MAX_ATTEMPTS } from './upload-with-retry.ts';

/** Progress of a file that is being prepared and sent. */
export interface Progress {
  id: number;
  name: string;
  stage: Stage;
  /** Finished part of this stage, from 0 to 1. */
  part: number;
  /** Number of the attempt to send the file, from 1. */
  attempt: number;
}

function sentenceOf({ name, stage, attempt }: Progress): string {
  const which = `第 ${attempt} 次，共 ${MAX_ATTEMPTS} 次`;
  switch (stage) {
    case 'waiting':
      return `“${name}”排在后面，请稍候`;
    case 'converting':
      return `正在转换“${name}”…`;
    case 'checking':
      return `正在检查“${name}”…`;
    case 'sending':
      return attempt === 1 ? `正在上传“${name}” ` : `正在再传“${name}”（${which}） `;
    case 'pausing':
      return `连接断了，“${name}”没有传完，马上自动再传（${which}）…`;
  }
}

/**
 * Returns a line with a cancel button for each file that is being prepared and sent. Only sending has a measurable
 * progress.
 */
export function progressLines(files: readonly Progress[], onCancel: (id: number) => void): ReactNode {
  return files.map((file) => {
    const { id, name, stage, part } = file;
    return h(
      'div',
      { key: id, className: stage === 'pausing' ? 'progress pausing' : 'progress', 'data-testid': 'progress' },
      h('span', { role: 'status' }, sentenceOf(file)),
      stage === 'sending' ? h('progress', { value: part, 'aria-label': name }) : null,
      stage === 'checking' || stage === 'converting' ? h('progress', { 'aria-label': name }) : null,
      h('button', { type: 'button', 'aria-label': `不传“${name}”了`, onClick: () => onCancel(id) }, '不传了'),
    );
  });
}
