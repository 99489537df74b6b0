/** What the editor has just deleted: a published entry, or a draft of which nothing is published. */
export type Deletion = 'deleted' | 'draft-deleted';

/** The last deletion, until an entry is opened. The desk's list says it. */
export const deletion: { last: Deletion | undefined } = { last: undefined };
