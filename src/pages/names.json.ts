import type { APIRoute } from 'astro';
import { namesFile } from '../search/index/pinyin.ts';

/**
 * Greatest number of honours that the search box suggests. The honours that most examples have are suggested. Readers
 * find other honours by full-text search.
 */
const MOST_HONOURS = 200;

/** Responds with the names that the search box suggests, as JSON (src/search/suggest/suggestions.ts). */
export const GET: APIRoute = ({ locals: { library } }) =>
  Response.json(
    namesFile({
      activities: library.activities(),
      units: library.units(),
      honours: library.honours(MOST_HONOURS),
    }),
  );
