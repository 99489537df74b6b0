import { jobFile } from '../texts/text-threads.ts';

/** A reference to the catalogue's jobs, which run in TextThreads. */
export const catalogueJobs = jobFile<typeof import('./catalogue-jobs.ts')>(
  new URL('./catalogue-jobs.ts', import.meta.url),
);
