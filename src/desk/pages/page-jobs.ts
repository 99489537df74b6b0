// Renders the pages that show and compare versions. The functions run in threads (TextThreads), so they are pure, and
// their parameters and results are plain values.
import '../texts/thread-priority.ts';
import { factsOf } from '../drafts/entry-title.ts';
import type { EntryRef } from '../domain/entry-ref.ts';
import type { TimelineItem } from '../history/timeline.ts';
import { compareVersions, differingFields } from '../history/version-diff.ts';
import type { Conflict } from '../editing/save-conflicts.ts';
import type { ReadVersion } from '../history/version.ts';
import { nameIn, type KnownNames } from '../../model/value-labels.ts';
import { writtenDifferences } from '../history/editor-fields.ts';
import type { Editor } from '../domain/editor.ts';
import { conflictPage } from './conflict-page.ts';
import type { ErasedWords } from './comparison/sides.ts';
import { comparisonPage, versionPage, type HistoryView } from './history-page.ts';
import type { Message } from './shell/page-shell.ts';

/** Returns the page of one version. `names` are the names of the entries that the version refers to. */
export function versionHtml({
  editor,
  view,
  item,
  version,
  names,
}: {
  editor: Editor;
  view: HistoryView;
  item: TimelineItem;
  version: ReadVersion | undefined;
  names: KnownNames;
}): string {
  const { name } = view;
  const fields = compareVersions(name.collection, undefined, version, nameIn(names));
  return versionPage(editor, view, item, { fields, body: version?.body ?? '' });
}

/** Returns the page that compares two versions. `versions` are the older and the newer one. */
export function comparisonHtml({
  editor,
  view,
  items,
  versions,
  names,
}: {
  editor: Editor;
  view: HistoryView;
  items: { from: TimelineItem; to: TimelineItem };
  versions: readonly (ReadVersion | undefined)[];
  names: KnownNames;
}): string {
  const { name } = view;
  const [from, to] = versions;
  return comparisonPage(editor, view, items, compareVersions(name.collection, from, to, nameIn(names)));
}

/** A refused text and the versions that it is compared with. */
export interface ConflictInput {
  name: EntryRef;
  conflict: Conflict;
  /** The commit of the current version, and the id of its content. */
  current: { commit: string; content: string };
  /**
   * The refused text, the current version, and the version that both started from, in this order. A version that does
   * not exist is undefined.
   */
  versions: readonly (ReadVersion | undefined)[];
  erased: ErasedWords;
}

/** Returns the page that compares a refused text with the current version of its entry. */
export function conflictHtml({
  editor,
  shown,
  names,
  message,
}: {
  editor: Editor;
  shown: ConflictInput;
  names: KnownNames;
  message: Message | undefined;
}): string {
  const { name, conflict, current, erased } = shown;
  const [refused, now, base] = shown.versions;
  const keysTo = (other: typeof base): Set<string> =>
    new Set(differingFields(name.collection, base, other).map(({ key }) => key));
  const view = {
    name,
    title: factsOf(Object.fromEntries((now ?? refused)?.fields ?? [])).title,
    conflict,
    current,
    differences: writtenDifferences(name, compareVersions(name.collection, now, refused, nameIn(names))),
    changed: base && { mine: keysTo(refused), theirs: keysTo(now) },
    erased,
  };
  return conflictPage(editor, view, message);
}
