/** Messages of the system, git and SQLite when a disk is full. */
const WORDS = /ENOSPC|EDQUOT|No space left|Disk quota|disk is full|Out of diskspace|(?:couldn't|unable to) write/iu;

/** Returns whether an error means that the disk is full. */
export function isDiskFull(error: unknown): boolean {
  return error instanceof Error && WORDS.test(error.message);
}
