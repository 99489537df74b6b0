const DAY = 86_400;

/**
 * How long a session is valid after it was started or prolonged, in seconds: a week, so that nobody is signed out while
 * writing.
 */
export const SESSION = 7 * DAY;
/** Least time between two prolongations of a session that is in use, in seconds: a day. */
export const PROLONGED_AFTER = DAY;
