import { InputRule, inputRules, textblockTypeInputRule, wrappingInputRule } from 'prosemirror-inputrules';
import type { Plugin } from 'prosemirror-state';
import { listStart, marks, nodes } from '../../../writing/document/schema.ts';

/**
 * Makes text between two stars on each side bold. The last star is not in the document yet if it is typed, but it is if
 * an input method has composed it.
 */
const bold = new InputRule(/(?:^|[^*])\*\*([^*\s](?:[^*]*[^*\s])?)\*\*$/u, (state, match, start, end) => {
  const [whole, text = ''] = match;
  const from = start + (whole.startsWith('**') ? 0 : 1);
  const stars = '**'.length - (whole.length - (end - start));
  return state.tr
    .delete(end - stars, end)
    .delete(from, from + 2)
    .addMark(from, from + text.length, marks.strong.create())
    .removeStoredMark(marks.strong);
});

/** Returns the plugin that reads signs of Markdown while they are typed. Backspace undoes it. */
export function typedSigns(): Plugin {
  return inputRules({
    rules: [
      textblockTypeInputRule(/^(#{1,3})\s$/u, nodes.heading, ([, signs]) => ({ level: signs?.length === 3 ? 3 : 2 })),
      wrappingInputRule(/^>\s$/u, nodes.blockquote),
      wrappingInputRule(/^[-*+•·]\s$/u, nodes.bullet_list),
      wrappingInputRule(
        /^(\d{1,3})[.)．]\s$/u,
        nodes.ordered_list,
        ([, number]) => ({ start: Number(number) }),
        ([, number], list) => list.childCount + listStart(list) === Number(number),
      ),
      bold,
    ],
  });
}
