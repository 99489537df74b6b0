// The pages that compare versions, made in threads of a TextRoom: pure, every argument and answer a plain value.
import '../texts/thread-priority.ts';
import { factsOf } from '../drafts/entry-title.ts';
import type { EntryRef } from '../domain/entry-ref.ts';
import type { TimelineItem } from '../history/timeline.ts';
import { compareVersions, differingFields } from '../history/version-diff.ts';
import type { Conflict } from '../editing/save-conflicts.ts';
import type { ReadVersion } from '../history/version.ts';
import { nameIn, type KnownNames } from '../history/value-labels.ts';
import { writtenDifferences } from '../history/written.ts';
import type { Editor } from '../domain/editor.ts';
import { conflictPage } from './conflict-page.ts';
import { comparisonPage, versionPage, type HistoryView } from './history-page.ts';
import type { Message } from './page-shell.ts';

/** The page of one version. */
export function versionHtml({
  editor,
  told,
  chapter,
  version,
  names,
}: {
  editor: Editor;
  told: HistoryView;
  chapter: TimelineItem;
  version: ReadVersion | undefined;
  names: KnownNames;
}): string {
  const { name } = told;
  const fields = compareVersions(name.collection, undefined, version, nameIn(names));
  return versionPage(editor, told, chapter, fields);
}

/** The page of two versions side by side. */
export function comparisonHtml({
  editor,
  told,
  chapters,
  versions,
  names,
}: {
  editor: Editor;
  told: HistoryView;
  chapters: { from: TimelineItem; to: TimelineItem };
  versions: readonly (ReadVersion | undefined)[];
  names: KnownNames;
}): string {
  const { name } = told;
  const [from, to] = versions;
  return comparisonPage(editor, told, chapters, compareVersions(name.collection, from, to, nameIn(names)));
}

/** A refused text and what it is shown beside. */
export interface ConflictInput {
  name: EntryRef;
  conflict: Conflict;
  /** The commit that stands, and the id of its content. */
  stands: { commit: string; content: string };
  /** The refused text, the current version, and the version that both are based on; undefined: there is none. */
  versions: readonly (ReadVersion | undefined)[];
}

/** The page of a refused text beside what stands. */
export function conflictHtml({
  editor,
  meeting,
  names,
  message,
}: {
  editor: Editor;
  meeting: ConflictInput;
  names: KnownNames;
  message: Message | undefined;
}): string {
  const { name, conflict, stands } = meeting;
  const [kept, now, base] = meeting.versions;
  const keysTo = (other: typeof base): Set<string> =>
    new Set(differingFields(name.collection, base, other).map(({ key }) => key));
  const opposed = {
    name,
    title: factsOf(Object.fromEntries((now ?? kept)?.fields ?? [])).title,
    conflict,
    stands,
    differences: writtenDifferences(name, compareVersions(name.collection, now, kept, nameIn(names))),
    changed: base && { mine: keysTo(kept), theirs: keysTo(now) },
  };
  return conflictPage(editor, opposed, message);
}
