/** Ids of copies of unsaved work in a save: those that it makes needless, and those that nobody has decided about. */
export interface CopiesOfSave {
  done: string[];
  undecided: string[];
}

let source = (): CopiesOfSave => ({ done: [], undecided: [] });

/** Sets the function that returns the copies of the next save. Called once, when the editor starts. */
export function setCopiesOfSave(read: () => CopiesOfSave): void {
  source = read;
}

/** Returns the copies of unsaved work for a save that is about to be sent. */
export function copiesOfSave(): CopiesOfSave {
  return source();
}
