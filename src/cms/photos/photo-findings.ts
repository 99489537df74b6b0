import { createElement as h, type ReactNode } from 'react';
import { findingLine, type Finding, type Twin } from '../../photo/rules/finding.ts';
import { addressOfTwin } from './finding-schema.ts';
import { asksForOriginal, CopyRequest } from './copy-request.ts';

/** Levels in words, because not everybody can tell the colours apart. */
const WORDS = { error: '✕ 不合要求：', warning: '⚠ 请留意：' } as const;

/** Returns two pictures side by side; `here` is the address of this one. */
export function duplicateComparison(here: string, twin: Twin): ReactNode {
  return h(
    'div',
    { className: 'comparison', 'data-testid': 'comparison' },
    h('figure', null, h('img', { src: here, alt: '' }), h('figcaption', null, '这一张')),
    h('figure', null, h('img', { src: addressOfTwin(twin), alt: '' }), h('figcaption', null, `另一张：${twin.title}`)),
  );
}

/**
 * Returns a line for each finding, with the twin's picture if it has one, and once the message to the sender. `here` is
 * the address of this picture, or empty.
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
