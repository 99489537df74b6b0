// Runs in browser and Node: pure.

/**
 * Number of results that a search shows: `first` at the start, `more` with each further step and as related results,
 * `most` in total.
 */
export const RESULTS = { first: 10, more: 10, most: 1000 };
