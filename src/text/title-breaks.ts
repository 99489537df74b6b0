/** Punctuation after which a line of a title may break. */
const MARKS = '，。、；：！？…—”’）》';
/** A clause, with the punctuation after which `word-break: keep-all` lets a line break. */
const CLAUSE = new RegExp(`[^${MARKS}]+[${MARKS}]*`, 'gu');
/** How many characters, punctuation included, fit into the narrowest line there is, on a telephone 320 px wide. */
export interface NarrowestLine {
  /** In type of normal size; 9 by default, as in titles of pages. */
  line?: number;
  /** In the largest type that a reader may choose (choices.css); 5 by default, as in lists. */
  large?: number;
}

const CLOSED = new RegExp(`[${MARKS}]$`, 'u');

/**
 * Says how a title breaks: after its punctuation (undefined, base.css), unless a clause may be longer than a line, at
 * any size (`loose`) or only in large type (`wide`). If `keep-all` must break within a clause, browsers follow no rule,
 * and the comma after it may begin a line, which CLREQ forbids.
 */
export function breaksOf(title: string, { line = 9, large = 5 }: NarrowestLine = {}): 'loose' | 'wide' | undefined {
  const clauses = title.match(CLAUSE) ?? [];
  if (clauses.some((clause) => Array.from(clause).length > line)) return 'loose';
  const closed = clauses.filter((clause) => CLOSED.test(clause));
  return closed.some((clause) => Array.from(clause).length > large) ? 'wide' : undefined;
}

const CLAUSES = new RegExp(`[^${MARKS}]*[${MARKS}]+|[^${MARKS}]+`, 'gu');

/**
 * Splits a title into the parts between which a line may break: its clauses, each with the punctuation after it. Joined
 * they are the title. Where words are kept whole, WebKit breaks after punctuation only at a `<wbr>`.
 */
export function clausesOf(title: string): string[] {
  return title.match(CLAUSES) ?? [];
}
