/** A source of content files: a folder or a commit. Paths are relative to the content folder and use `/`. */
export interface Source {
  /**
   * Resolves to the stamps of all content files by path. A stamp is a text that changes when the file changes. No file
   * is read.
   */
  list(): Promise<Map<string, string>>;
  /** Resolves to the stamps of some files by path; files that do not exist are left out. */
  stamps(paths: Iterable<string>): Promise<Map<string, string>>;
  /** Resolves to the bytes of one file. Rejects if the file does not exist. */
  read(path: string): Promise<Uint8Array>;
}
