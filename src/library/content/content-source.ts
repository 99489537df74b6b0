/** A source of content files: a folder or a commit. Paths are relative to the content folder and use `/`. */
export interface Source {
  /**
   * Resolves to the stamps of all content files by path. A stamp is a text that changes when the file changes. No file
   * is read.
   */
  list(): Promise<Map<string, string>>;
  /** Resolves to the stamps of some files by path; files that do not exist are left out. */
  stamps(paths: Iterable<string>): Promise<Map<string, string>>;
  /** Resolves to the bytes of one file. Rejects if the file does not exist, with UnreadableFile if only it is lost. */
  read(path: string): Promise<Uint8Array>;
  /**
   * Returns the SHA-256 (hexadecimal) of a file with this stamp if it is known without reading the file, otherwise
   * undefined. The file itself may be lost. Absent: it is never known.
   */
  hashOf?(path: string, stamp: string): Promise<string | undefined>;
  /**
   * Runs `work` with a function that returns the path of a local file with the bytes of one file. That path is valid
   * until the work ends; its bytes are not verified. Nothing is read before the function is called, which rejects as
   * `read` does. Absent: only `read` gives the bytes.
   */
  inFile?<T>(path: string, work: (file: () => Promise<string>) => Promise<T>): Promise<T>;
}

/** A file of a source is lost for now: its entry cannot be published, others can. Both texts are parts of a Fault. */
export class UnreadableFile extends Error {
  readonly what: string;
  readonly remedy: string;

  constructor(what: string, remedy: string, cause?: unknown) {
    super(`${what}。${remedy}`, { cause });
    this.what = what;
    this.remedy = remedy;
  }
}
