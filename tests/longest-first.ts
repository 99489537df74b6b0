import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The files that take minutes, the longest first: begun last, one would keep a single processor busy at the end. */
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

/** Where a file stands among the longest; behind them all if it is none. */
function rank({ moduleId }: TestSpecification): number {
  const at = LONGEST.findIndex((name) => moduleId.endsWith(name));
  return at < 0 ? LONGEST.length : at;
}

/** Begins with the files that take longest; of all others Vitest knows best. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).toSorted((one, other) => rank(one) - rank(other));
  }
}
