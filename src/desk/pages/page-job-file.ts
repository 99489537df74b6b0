import { jobFile } from '../texts/text-room.ts';

/** The pages that compare versions. */
export const pageJobs = jobFile<typeof import('./page-jobs.ts')>(new URL('./page-jobs.ts', import.meta.url));
