import { z } from 'zod';
import type { SiteNames } from '../../word/fields/story.ts';
import { ask } from '../backend/desk-client.ts';

const namesResponse = z.object({
  units: z.array(
    z.object({ code: z.string(), name: z.string(), short: z.string(), aliases: z.array(z.string()).default([]) }),
  ),
  organiser: z.string(),
});

let loaded: SiteNames = { units: [], organiser: '' };

/** Returns the names last loaded; none before that. */
export function siteNames(): SiteNames {
  return loaded;
}

/**
 * Loads the names by which units and the federation are recognised in documents.
 * @throws DeskError with the desk's sentence if the desk refuses or cannot be reached.
 */
export async function loadSiteNames(): Promise<SiteNames> {
  loaded = namesResponse.parse(await ask('/api/names'));
  return loaded;
}
