import { createElement as h, type ReactNode } from 'react';
import { EntrySearch, searchedKinds, type FoundEntry } from '../widgets/entry-search.ts';
import { Dialog } from './dialog.ts';

/** Returns the dialog in which an earlier entry is found, to which the body then links. */
export function entryDialog(onChoose: (found: FoundEntry) => void, onClose: () => void): ReactNode {
  return h(
    Dialog,
    { title: '查找以前的报道', onClose },
    h(EntrySearch, { kinds: [...searchedKinds.values()], label: '以前的报道或典型', without: [], onChoose }),
    h('p', { className: 'actions' }, h('button', { type: 'button', onClick: onClose }, '取消')),
  );
}
