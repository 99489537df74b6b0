import { baseKeymap, chainCommands, joinTextblockBackward, setBlockType, splitBlock } from 'prosemirror-commands';
import { redo, undo } from 'prosemirror-history';
import { undoInputRule } from 'prosemirror-inputrules';
import { keymap } from 'prosemirror-keymap';
import { splitListItem } from 'prosemirror-schema-list';
import { Plugin, TextSelection, type Command } from 'prosemirror-state';
import { isList, nodes } from '../../../writing/document/schema.ts';
import { breakLine, toggleEmphasis, toggleStrong } from './block-commands.ts';
import { indentItem, innermostList, outdentItem } from './list-commands.ts';
import { cellDepth, clearCells, leaveLastRow, leaveTable, nextCell, previousCell } from './table-commands.ts';

/** Deletes backwards at the start of a block: first its kind, then the border to the block above. */
const deleteBackwards: Command = (state, dispatch, view) => {
  if (!(state.selection instanceof TextSelection)) return false;
  const { $cursor } = state.selection;
  if (!$cursor || $cursor.parentOffset > 0) return false;
  if (cellDepth($cursor) !== undefined) return true;
  if ($cursor.parent.type === nodes.heading) return setBlockType(nodes.paragraph)(state, dispatch, view);
  const isItemStart = $cursor.depth > 1 && $cursor.index(-1) === 0 && $cursor.node(-1).type === nodes.list_item;
  if (isItemStart) return outdentItem(state, dispatch, view);
  const above = $cursor.depth === 1 ? state.doc.maybeChild($cursor.index(0) - 1) : null;
  // Joined by the usual command, a paragraph below a list would become an item, which the next key would undo.
  return above && isList(above) ? joinTextblockBackward(state, dispatch, view) : false;
};

/** Keeps the text of the next cell out of a cell. */
const deleteForwards: Command = ({ selection }) =>
  selection.empty &&
  cellDepth(selection.$from) !== undefined &&
  selection.$from.parentOffset === selection.$from.parent.content.size;

/** Starts a new line in a table cell, as in Word. */
const breakLineInCell: Command = (state, dispatch, view) =>
  cellDepth(state.selection.$from) === undefined ? false : breakLine(state, dispatch, view);

/** Does nothing, so that a key of the browser's own formatting has no effect. */
const nothing: Command = () => true;

const NO_EMPTY_PARAGRAPHS = '网页上段与段之间不空行，这里不用再按回车。';

/** Returns a command for an empty paragraph: another one would show in the field, but not on the page. */
function inEmptyParagraph(onHint: (sentence: string) => void): Command {
  return ({ selection: { $from, empty } }) => {
    if (!empty || $from.depth !== 1 || $from.parent.type !== nodes.paragraph || $from.parent.content.size > 0)
      return false;
    onHint(NO_EMPTY_PARAGRAPHS);
    return true;
  };
}

/** What keys do outside the text. */
interface KeyActions {
  /** Opens the dialog for a link. */
  onLink(): void;
  /** Puts the focus into the toolbar. */
  onToolbar(): void;
  /** Says why a key has no effect, with a Chinese sentence. */
  onHint(sentence: string): void;
}

/** Returns a command that always calls a function. */
function calling(action: () => void): Command {
  return () => {
    action();
    return true;
  };
}

/** Returns the plugins for all keys but Tab. */
export function keys({ onLink, onToolbar, onHint }: KeyActions): Plugin[] {
  const own = {
    'Mod-b': toggleStrong,
    'Mod-i': toggleEmphasis,
    'Mod-k': calling(onLink),
    'Alt-F10': calling(onToolbar),
    'Mod-u': nothing,
    'Mod-z': undo,
    'Mod-y': redo,
    'Mod-Shift-z': redo,
    Enter: chainCommands(inEmptyParagraph(onHint), breakLineInCell, splitListItem(nodes.list_item)),
    'Shift-Enter': chainCommands(breakLine, splitBlock),
    'Mod-Enter': leaveTable,
    ArrowDown: leaveLastRow,
    Backspace: chainCommands(undoInputRule, clearCells, deleteBackwards),
    'Mod-Backspace': chainCommands(clearCells, deleteBackwards),
    Delete: chainCommands(clearCells, deleteForwards),
    'Mod-Delete': chainCommands(clearCells, deleteForwards),
  };
  return [keymap(own), keymap(baseKeymap)];
}

/** Returns a command that runs another one in a list, and does nothing there if the other one cannot be run. */
function inList(command: Command): Command {
  return (state, dispatch, view) =>
    innermostList(state.selection.$from) === undefined ? false : command(state, dispatch, view) || true;
}

const forwards = chainCommands(nextCell, inList(indentItem));
const backwards = chainCommands(previousCell, inList(outdentItem));

/**
 * Returns the plugin for the Tab key, which moves between cells and changes the level of items. Elsewhere, and after
 * Escape, it moves the focus as usual: people who use only a keyboard must be able to leave the text.
 */
export function tabKey(): Plugin {
  let isLeaving = false;
  return new Plugin({
    props: {
      handleKeyDown(view, event) {
        if (event.key === 'Shift') return false;
        const leaves = isLeaving;
        isLeaving = event.key === 'Escape';
        if (event.key !== 'Tab' || leaves || event.ctrlKey || event.altKey || event.metaKey) return false;
        return (event.shiftKey ? backwards : forwards)(view.state, view.dispatch, view);
      },
    },
  });
}
