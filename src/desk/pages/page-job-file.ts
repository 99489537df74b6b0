import { jobFile } from '../texts/text-threads.ts';

/** The jobs in page-jobs.ts, which render pages of versions, for use with TextThreads. */
export const pageJobs = jobFile<typeof import('./page-jobs.ts')>(new URL('./page-jobs.ts', import.meta.url));
