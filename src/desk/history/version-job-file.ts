import { jobFile } from '../texts/text-room.ts';

/** The jobs on versions of entries. */
export const versionJobs = jobFile<typeof import('./version-jobs.ts')>(new URL('./version-jobs.ts', import.meta.url));
