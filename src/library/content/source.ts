/** Where content comes from: a folder, or a commit. Paths are relative, with `/`. */
export interface Source {
  /** Every content file and a stamp that changes when the file does; cheap. */
  list(): Promise<Map<string, string>>;
  /** The stamps of some files; a file that is gone has none. */
  stamps(paths: Iterable<string>): Promise<Map<string, string>>;
  /** The bytes of one file. Rejects where it is gone. */
  read(path: string): Promise<Uint8Array>;
}
