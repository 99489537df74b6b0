// Runs in browser and Node: pure.
import { diffArrays } from 'diff';
import type { ComparedBlock, MarkdownSource, SourceBlock } from './read-document.ts';

/** Blocks that follow each other, either all unchanged or all changed. */
export type BlockChange =
  | { unchanged: readonly SourceBlock[] }
  | {
      /** The blocks of the source that are no longer there. */
      removed: readonly SourceBlock[];
      /** The blocks of the document that are not in the source. */
      added: readonly ComparedBlock[];
    };

function isSame(one: ComparedBlock, other: ComparedBlock): boolean {
  if (one.node.eq(other.node)) return true;
  return one.canonical !== undefined && other.canonical !== undefined && one.canonical.eq(other.canonical);
}

/** Returns how many blocks at the start of both lists are the same. */
function commonStart(some: readonly ComparedBlock[], others: readonly ComparedBlock[]): number {
  const different = some.findIndex((block, index) => {
    const other = others[index];
    return other === undefined || !isSame(block, other);
  });
  return different < 0 ? some.length : different;
}

/** Splits two lists of blocks into runs that are the same, removed or added, in order. */
function* comparedRuns(
  source: readonly ComparedBlock[],
  blocks: readonly ComparedBlock[],
): Generator<{ kind: 'same' | 'removed' | 'added'; blocks: readonly ComparedBlock[] }> {
  // First what is the same at both ends: a comparison by length alone could take the second of two equal blocks for the
  // first one, and then the gap between them would change.
  const start = commonStart(source, blocks);
  const end = commonStart([...source.slice(start)].reverse(), [...blocks.slice(start)].reverse());
  const [before, after] = [source.slice(start, source.length - end), blocks.slice(start, blocks.length - end)];
  yield { kind: 'same', blocks: blocks.slice(0, start) };
  for (const { removed, added, value } of diffArrays(before, after, { comparator: isSame }))
    yield { kind: removed ? 'removed' : added ? 'added' : 'same', blocks: value };
  yield { kind: 'same', blocks: blocks.slice(blocks.length - end) };
}

/** Returns what has changed between a Markdown source and the blocks of a document, in order. */
export function blockChanges(source: MarkdownSource, blocks: readonly ComparedBlock[]): BlockChange[] {
  const changes: BlockChange[] = [];
  let removed: readonly SourceBlock[] = [];
  let added: readonly ComparedBlock[] = [];
  let at = 0;
  const endChange = (): void => {
    if (removed.length > 0 || added.length > 0) changes.push({ removed, added });
    removed = [];
    added = [];
  };
  for (const run of comparedRuns(source.blocks, blocks)) {
    if (run.kind === 'added') {
      added = [...added, ...run.blocks];
      continue;
    }
    const fromSource = source.blocks.slice(at, at + run.blocks.length);
    at += fromSource.length;
    if (run.kind === 'removed') removed = [...removed, ...fromSource];
    else if (fromSource.length > 0) {
      endChange();
      changes.push({ unchanged: fromSource });
    }
  }
  endChange();
  return changes;
}
