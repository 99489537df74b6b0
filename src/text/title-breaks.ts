/** Punctuation marks after which a line of a title may break. */
const MARKS = '，。、；：！？…—”’）》';
const CLAUSE = new RegExp(`[^${MARKS}]*[${MARKS}]+|[^${MARKS}]+`, 'gu');
const CLOSED = new RegExp(`[${MARKS}]$`, 'u');

/**
 * Returns the parts of a title between which a line may break: its clauses, each with the punctuation after it. Joined,
 * the parts are the title. Where CSS keeps words whole (`keep-all`), WebKit breaks a line after punctuation only at a
 * `<wbr>`. So a `<wbr>` has to be put between the parts.
 */
export function clausesOf(title: string): string[] {
  return title.match(CLAUSE) ?? [];
}

/**
 * Numbers of characters, including punctuation, that fit into the narrowest possible line of a title: the line on a
 * phone with a width of 320 pixels.
 */
export interface NarrowestLine {
  /** Number in type of normal size; 9 by default, as in the titles of pages. */
  line?: number;
  /** Number in the largest type that a reader can choose (choices.css); 5 by default, as in lists. */
  large?: number;
}

/**
 * Returns where the lines of a title may break. Undefined: only after punctuation (the default of base.css). `loose`:
 * also within clauses, at any type size. `wide`: also within clauses, but only in large type. Clauses have to be broken
 * if they may be longer than a line. With `keep-all`, browsers break such a clause by no rule. The comma after the
 * clause may then begin a line, which CLREQ forbids.
 */
export function breaksOf(title: string, { line = 9, large = 5 }: NarrowestLine = {}): 'loose' | 'wide' | undefined {
  const isLonger = (clause: string, most: number): boolean => Array.from(clause).length > most;
  const clauses = clausesOf(title);
  if (clauses.some((clause) => isLonger(clause, line))) return 'loose';
  return clauses.some((clause) => CLOSED.test(clause) && isLonger(clause, large)) ? 'wide' : undefined;
}
