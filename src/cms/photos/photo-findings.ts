import { createElement as h, type ReactNode } from 'react';
import { findingLine, type Finding, type Twin } from '../../photo/rules/finding.ts';
import { addressOfTwin } from './finding-schema.ts';
import { asksForOriginal, CopyRequest } from './copy-request.ts';

/**
 * Chinese words for the levels of findings. Colours alone are not enough, because not everybody can tell them apart.
 */
const WORDS = { error: '✕ 不合要求：', warning: '⚠ 请留意：' } as const;

/** Returns two pictures side by side: this photo (URL `here`) and its duplicate `twin`. */
export function duplicateComparison(here: string, twin: Twin): ReactNode {
  return h(
    'div',
    { className: 'comparison', 'data-testid': 'comparison' },
    h('figure', null, h('img', { src: here, alt: '' }), h('figcaption', null, '这一张')),
    h('figure', null, h('img', { src: addressOfTwin(twin), alt: '' }), h('figcaption', null, `另一张：${twin.title}`)),
  );
}

/**
 * Returns a list with a line for each finding; null if there are no findings. If a finding names a duplicate, its line
 * shows this photo and the duplicate side by side. `here` is the URL of this photo; if it is empty, no photos are
 * shown. If a finding's remedy is to ask for the original file, adds a button that copies a message to the sender.
 */
export function findingsList(findings: readonly Finding[], here: string): ReactNode {
  if (findings.length === 0) return null;
  return h(
    'div',
    { className: 'findings', 'data-testid': 'findings' },
    h(
      'ul',
      null,
      findings.map((finding) =>
        h(
          'li',
          { key: finding.code, className: finding.level },
          h('strong', null, WORDS[finding.level]),
          findingLine(finding),
          finding.twin && here !== '' ? duplicateComparison(here, finding.twin) : null,
        ),
      ),
    ),
    findings.some(asksForOriginal) ? h(CopyRequest) : null,
  );
}
