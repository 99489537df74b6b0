/** Punctuation behind which a line of a title may break. */
const MARKS = '，。、；：！？…—”’）》';
/** A clause, with the punctuation behind which `word-break: keep-all` lets a line break. */
const CLAUSE = new RegExp(`[^${MARKS}]+[${MARKS}]*`, 'gu');
/** What fits into the narrowest line there is, on a telephone 320 px wide: in characters, punctuation among them. */
export interface NarrowestLine {
  /** In type as it is: 9 where nothing is said, as in titles of pages. */
  line?: number;
  /** In the largest type that a reader may choose (choices.css): 5, as in the lists. */
  large?: number;
}

const CLOSED = new RegExp(`[${MARKS}]$`, 'u');

/**
 * How a title breaks: behind its punctuation (undefined, base.css), unless a clause of it may be longer than a line, at
 * any size (`loose`) or only in large type (`wide`). Where `keep-all` must break within a clause, browsers heed no rule,
 * and the comma behind it may begin a line, which CLREQ forbids.
 */
export function breaksOf(title: string, { line = 9, large = 5 }: NarrowestLine = {}): 'loose' | 'wide' | undefined {
  const clauses = title.match(CLAUSE) ?? [];
  if (clauses.some((clause) => Array.from(clause).length > line)) return 'loose';
  const closed = clauses.filter((clause) => CLOSED.test(clause));
  return closed.some((clause) => Array.from(clause).length > large) ? 'wide' : undefined;
}

const CLAUSES = new RegExp(`[^${MARKS}]*[${MARKS}]+|[^${MARKS}]+`, 'gu');

/**
 * The parts of a title between which a line may break: its clauses, each with the punctuation behind it. Together they are
 * the title. Where words are kept whole, WebKit breaks behind punctuation only where it is told (`<wbr>`).
 */
export function clausesOf(title: string): string[] {
  return title.match(CLAUSES) ?? [];
}
