import type { APIRoute } from 'astro';
import { namesFile } from '../search/index/pinyin.ts';

/** How many honours are suggested, those of most examples first; the others are found as text. */
const MOST_HONOURS = 200;

/** The names that the search box suggests (src/search/suggest/suggestions.ts). */
export const GET: APIRoute = ({ locals: { library } }) =>
  Response.json(
    namesFile({
      activities: library.activities(),
      units: library.units(),
      honours: library.honours(MOST_HONOURS),
    }),
  );
