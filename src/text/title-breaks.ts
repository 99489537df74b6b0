/** Punctuation after which a line of a title may break. */
const MARKS = '，。、；：！？…—”’）》';
const CLAUSE = new RegExp(`[^${MARKS}]*[${MARKS}]+|[^${MARKS}]+`, 'gu');
const CLOSED = new RegExp(`[${MARKS}]$`, 'u');

/**
 * Splits a title into the parts between which a line may break: its clauses, each with the punctuation after it. Joined
 * they are the title. Where words are kept whole, WebKit breaks after punctuation only at a `<wbr>`.
 */
export function clausesOf(title: string): string[] {
  return title.match(CLAUSE) ?? [];
}

/** How many characters, punctuation included, fit into the narrowest line there is, on a telephone 320 px wide. */
export interface NarrowestLine {
  /** In type of normal size; 9 by default, as in titles of pages. */
  line?: number;
  /** In the largest type that a reader may choose (choices.css); 5 by default, as in lists. */
  large?: number;
}

/**
 * Says how a title breaks: after its punctuation (undefined, base.css), unless a clause may be longer than a line, at
 * any size (`loose`) or only in large type (`wide`). If `keep-all` must break within a clause, browsers follow no rule,
 * and the comma after it may begin a line, which CLREQ forbids.
 */
export function breaksOf(title: string, { line = 9, large = 5 }: NarrowestLine = {}): 'loose' | 'wide' | undefined {
  const isLonger = (clause: string, most: number): boolean => Array.from(clause).length > most;
  const clauses = clausesOf(title);
  if (clauses.some((clause) => isLonger(clause, line))) return 'loose';
  return clauses.some((clause) => CLOSED.test(clause) && isLonger(clause, large)) ? 'wide' : undefined;
}
