import { jobFile } from '../texts/text-threads.ts';

/** Jobs on the texts of drafts. */
export const draftJobs = jobFile<typeof import('./draft-jobs.ts')>(new URL('./draft-jobs.ts', import.meta.url));
