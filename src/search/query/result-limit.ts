// Runs in browser and Node: pure.

/**
 * Numbers of results that a search shows. `first`: at the start. `more`: additional results for each click on the
 * button for more; also the number of related results. `most`: in total.
 */
export const RESULTS = { first: 10, more: 10, most: 1000 };
