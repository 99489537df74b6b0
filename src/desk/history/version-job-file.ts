import { jobFile } from '../texts/text-threads.ts';

/** Jobs on versions of entries. */
export const versionJobs = jobFile<typeof import('./version-jobs.ts')>(new URL('./version-jobs.ts', import.meta.url));
