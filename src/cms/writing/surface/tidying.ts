import type { Node } from 'prosemirror-model';
import { Plugin, TextSelection, type EditorState, type Transaction } from 'prosemirror-state';
import type { EditorView } from 'prosemirror-view';
import { canonicalBlock } from '../../../writing/document/canonical-form.ts';
import { DEEPEST_LIST } from '../../../writing/document/canonical-list.ts';
import { nodes } from '../../../writing/document/schema.ts';
import { listsIn } from './list-commands.ts';

/** Matches blanks at the start of a line. U+FFFC is a line break. */
const LEADING_BLANKS = /(^|\ufffc)[\s\u200b\ufeff]+/gu;

/** Returns the number of characters before an offset in a block. */
function textBefore(block: Node, offset: number): number {
  return block.textBetween(0, Math.min(offset, block.content.size)).length;
}

/** Returns the offset in a block behind a number of characters. */
function positionAfter(block: Node, length: number): number {
  let position = 0;
  let left = length;
  block.descendants((node, at) => {
    if (left < 0 || !node.isText) return left >= 0;
    const size = node.text?.length ?? 0;
    position = at + Math.min(left, size);
    left = size >= left ? -1 : left - size;
    return false;
  });
  return position;
}

/** Replaces blocks whose lists are too deep by what a page shows of them. The caret stays at the same text. */
function withShallowLists(tr: Transaction): void {
  const before = tr.mapping.maps.length;
  tr.doc.forEach((block, offset) => {
    if (listsIn(block) <= DEEPEST_LIST) return;
    const start = tr.mapping.slice(before).map(offset);
    const caret = tr.selection.from - start - 1;
    const made = canonicalBlock(block) ?? nodes.paragraph.create();
    tr.replaceWith(start, start + block.nodeSize, made);
    if (caret < 0 || caret > block.content.size) return;
    const at = start + 1 + positionAfter(made, textBefore(block, caret));
    tr.setSelection(TextSelection.near(tr.doc.resolve(at)));
  });
}

/** Removes blanks at the start of lines: the page indents paragraphs. */
function withoutLeadingBlanks(state: EditorState, tr: Transaction): void {
  state.doc.descendants((node, position) => {
    if (!node.isTextblock) return true;
    const text = node.textBetween(0, node.content.size, undefined, '\ufffc');
    for (const { index, 0: found, 1: before = '' } of text.matchAll(LEADING_BLANKS)) {
      const start = position + 1 + index;
      tr.delete(tr.mapping.map(start + before.length), tr.mapping.map(start + found.length));
    }
    return false;
  });
}

function tidied(state: EditorState): Transaction | null {
  const tr = state.tr;
  withoutLeadingBlanks(state, tr);
  withShallowLists(tr);
  return tr.docChanged ? tr : null;
}

/**
 * Returns the plugin that removes what a page would not show and what would show in the editor: blanks at the start of
 * lines, third levels of lists. While an input method composes text, nothing is changed, because that would end the
 * composition.
 */
export function tidying(): Plugin {
  let view: EditorView | undefined;
  const tidyLater = (): void => {
    // ProseMirror reads the composed text after the event.
    setTimeout(() => {
      if (!view || view.isDestroyed || view.composing) return;
      const tr = tidied(view.state);
      if (tr) view.dispatch(tr);
    });
  };
  return new Plugin({
    view(created) {
      view = created;
      return { destroy: () => (view = undefined) };
    },
    props: {
      handleDOMEvents: {
        compositionend: () => {
          tidyLater();
          return false;
        },
      },
    },
    appendTransaction: (transactions, _before, state) =>
      view?.composing !== true && transactions.some(({ docChanged }) => docChanged) ? tidied(state) : null,
  });
}
