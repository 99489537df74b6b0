import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Test files that take minutes, longest first. If one of them started last, it would run alone at the end and leave a
 * core idle.
 */
const LONGEST = [
  'render/random-changes',
  'desk/damage/killed',
  'browser/editor/desk-upload-lost',
  'browser/pages/reading',
  'render/killed',
  'desk/publishing/page-delivery',
  'desk/damage/faulty-git',
  'unit/poster/poster-drawing',
].map((name) => `/tests/${name}.test.ts`);

/** Returns the position of a file in LONGEST, or its length if the file is not there. */
function rank({ moduleId }: TestSpecification): number {
  const at = LONGEST.findIndex((name) => moduleId.endsWith(name));
  return at < 0 ? LONGEST.length : at;
}

/** A Vitest sequencer that starts the files of LONGEST first, in that order, and the others in Vitest's order. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).toSorted((one, other) => rank(one) - rank(other));
  }
}
