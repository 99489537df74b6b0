import { jobFile } from '../texts/text-threads.ts';

/** The catalogue's jobs for TextThreads. */
export const catalogueJobs = jobFile<typeof import('./catalogue-jobs.ts')>(
  new URL('./catalogue-jobs.ts', import.meta.url),
);
