import { jobFile } from '../texts/text-threads.ts';

/** The jobs that render pages of versions. */
export const pageJobs = jobFile<typeof import('./page-jobs.ts')>(new URL('./page-jobs.ts', import.meta.url));
