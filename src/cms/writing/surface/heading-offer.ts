import { closeHistory } from 'prosemirror-history';
import type { Command } from 'prosemirror-state';
import { possibleHeadings } from '../../../writing/document/possible-heading.ts';
import { nodes } from '../../../writing/document/schema.ts';

/** Makes all paragraphs headings that can be headings by their numbers: 一、 and （一）. */
export const makeHeadings: Command = (state, dispatch) => {
  const possible = new Map(possibleHeadings(state.doc).map(({ index, level }) => [index, level]));
  if (possible.size === 0) return false;
  const tr = state.tr;
  state.doc.forEach((_, offset, index) => {
    const level = possible.get(index);
    if (level !== undefined) tr.setNodeMarkup(offset, nodes.heading, { level });
  });
  dispatch?.(closeHistory(tr));
  return true;
};
