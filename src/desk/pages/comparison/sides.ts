/** Chinese words that are shown instead of erased photos, by the id of the git blob that points to the original. */
export type ErasedWords = ReadonlyMap<string, string>;

/** One of the two versions of a comparison: its title, and the commit that contains its photos. */
export interface Side {
  title: string;
  /** The commit, or undefined if there was no such version. */
  commit: string | undefined;
  erased: ErasedWords;
}

/** The two versions of a comparison. */
export interface Sides {
  before: Side;
  after: Side;
}
