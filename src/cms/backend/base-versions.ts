/** Id of the version in which each file was last read or saved in this window, by path; null for a new file. */
export const bases = new Map<string, string | null>();
