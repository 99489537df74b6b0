import { expect, test } from 'vitest';
import { chinese, english } from '../../src/cms/decap/locale.ts';

/** Returns every phrase of a tree, each as its dotted key and its text. */
function flat(tree: object, key = ''): [string, string][] {
  return Object.entries<unknown>({ ...tree }).flatMap(([name, phrase]): [string, string][] =>
    typeof phrase === 'object' && phrase !== null
      ? flat(phrase, `${key}${name}.`)
      : [[`${key}${name}`, String(phrase)]],
  );
}

const phrases = new Map(flat(chinese));

test('Every English phrase of Decap has a Chinese one', () => {
  const missing = flat(english).flatMap(([key]) => (phrases.has(key) ? [] : [key]));
  expect(missing).toEqual([]);
});

test('A Chinese phrase uses no placeholder that the English one lacks', () => {
  const placeholders = (phrase: string): string[] => [...new Set(phrase.match(/%\{\w+\}/gu) ?? [])].sort();
  for (const [key, phrase] of flat(english)) {
    const known = placeholders(phrase);
    for (const placeholder of placeholders(phrases.get(key) ?? '')) expect(known, key).toContain(placeholder);
  }
});

test('Each state has the same name everywhere', () => {
  expect([phrases.get('editor.editorToolbar.draft'), phrases.get('workflow.workflowList.draftHeader')]).toEqual([
    '草稿',
    '草稿',
  ]);
  expect([phrases.get('editor.editorToolbar.inReview'), phrases.get('workflow.workflowList.inReviewHeader')]).toEqual([
    '待审',
    '待审',
  ]);
  expect([phrases.get('editor.editorToolbar.ready'), phrases.get('workflow.workflowList.readyHeader')]).toEqual([
    '已通过',
    '已通过',
  ]);
  expect(phrases.get('editor.editorToolbar.published')).toBe('已发布');
  expect([...phrases.values()].filter((phrase) => /审核中|审查|待检查/u.test(phrase))).toEqual([]);
});
