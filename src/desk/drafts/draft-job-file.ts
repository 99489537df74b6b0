import { jobFile } from '../texts/text-threads.ts';

/** The jobs of draft-jobs.ts, to be run in TextThreads. */
export const draftJobs = jobFile<typeof import('./draft-jobs.ts')>(new URL('./draft-jobs.ts', import.meta.url));
