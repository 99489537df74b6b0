import { expect, test } from 'vitest';
import { chinese, english } from '../../src/cms/decap/locale.ts';

/** Every phrase of a tree by the way to it. */
function flat(tree: object, way = ''): [string, string][] {
  return Object.entries<unknown>({ ...tree }).flatMap(([key, phrase]): [string, string][] =>
    typeof phrase === 'object' && phrase !== null ? flat(phrase, `${way}${key}.`) : [[`${way}${key}`, String(phrase)]],
  );
}

const phrases = new Map(flat(chinese));

test('every phrase that Decap has in English is there in Chinese', () => {
  const missing = flat(english).flatMap(([way]) => (phrases.has(way) ? [] : [way]));
  expect(missing).toEqual([]);
});

test('a phrase tells as much as the English one', () => {
  const holes = (phrase: string): string[] => [...new Set(phrase.match(/%\{\w+\}/gu) ?? [])].sort();
  for (const [way, phrase] of flat(english)) {
    const known = holes(phrase);
    for (const hole of holes(phrases.get(way) ?? '')) expect(known, way).toContain(hole);
  }
});

test('each state has one name', () => {
  expect([phrases.get('editor.editorToolbar.draft'), phrases.get('workflow.workflowList.draftHeader')]).toEqual([
    '草稿',
    '草稿',
  ]);
  expect([phrases.get('editor.editorToolbar.inReview'), phrases.get('workflow.workflowList.inReviewHeader')]).toEqual([
    '待审',
    '待审',
  ]);
  expect([phrases.get('editor.editorToolbar.ready'), phrases.get('workflow.workflowList.readyHeader')]).toEqual([
    '就绪',
    '就绪',
  ]);
  expect(phrases.get('editor.editorToolbar.published')).toBe('已发布');
  expect([...phrases.values()].filter((phrase) => /审核中|审查|待检查/u.test(phrase))).toEqual([]);
});
