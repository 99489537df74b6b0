/** Matches messages of the operating system, git and SQLite that mean a full disk. */
const WORDS = /ENOSPC|EDQUOT|No space left|Disk quota|disk is full|Out of diskspace|(?:couldn't|unable to) write/iu;

/** Returns whether an error means that the disk is full. */
export function isDiskFull(error: unknown): boolean {
  return error instanceof Error && WORDS.test(error.message);
}
