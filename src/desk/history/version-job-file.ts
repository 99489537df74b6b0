import { jobFile } from '../texts/text-threads.ts';

/** The jobs of version-jobs.ts, to be run in TextThreads. */
export const versionJobs = jobFile<typeof import('./version-jobs.ts')>(new URL('./version-jobs.ts', import.meta.url));
