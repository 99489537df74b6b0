/** How the system, git and SQLite say that a disk is full. */
const WORDS = /ENOSPC|EDQUOT|No space left|Disk quota|disk is full|Out of diskspace|(?:couldn't|unable to) write/iu;

/** Did something fail because the disk is full? */
export function isDiskFull(error: unknown): boolean {
  return error instanceof Error && WORDS.test(error.message);
}
