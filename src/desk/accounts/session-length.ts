const DAY = 86_400;

/** How long a session lasts, in seconds: a week, so that nobody is signed out while writing. */
export const SESSION = 7 * DAY;
/** A session in use is prolonged once in this time, in seconds. */
export const PROLONGED_AFTER = DAY;
