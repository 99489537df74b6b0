/** A clause, with the punctuation behind which `word-break: keep-all` lets a line break. */
const CLAUSE = /[^，。、；：！？…—”’）》]+[，。、；：！？…—”’）》]*/gu;
/** What fits into the narrowest line of a title, on a telephone 320 px wide: in characters, punctuation among them. */
const LINE = 9;

/**
 * How a title breaks: behind its punctuation (undefined, base.css), unless a clause of it may be longer than a line.
 * Where `keep-all` must break within one, browsers heed no rule, and a comma may begin a line, which CLREQ forbids.
 * `line`: characters that fit into one where that is not a title's.
 */
export function breaksOf(title: string, line = LINE): 'loose' | undefined {
  return title.match(CLAUSE)?.some((clause) => Array.from(clause).length > line) ? 'loose' : undefined;
}
