/** Where content comes from: a folder or a commit. Paths are relative and use `/`. */
export interface Source {
  /** Returns every content file with a stamp that changes when the file does. Cheap. */
  list(): Promise<Map<string, string>>;
  /** Returns the stamps of some files; files that do not exist are left out. */
  stamps(paths: Iterable<string>): Promise<Map<string, string>>;
  /** Returns the bytes of one file. Rejects if it does not exist. */
  read(path: string): Promise<Uint8Array>;
}
