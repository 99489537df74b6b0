// Runs in browser and Node: pure.

/** How many results a search shows at first, how many more each time (and how many related ones), and how many at most. */
export const RESULTS = { first: 10, more: 10, most: 1000 };
