import type { Drafts } from '../drafts/drafts.ts';
import { entryRefAt } from '../domain/entry-ref.ts';
import { withFields } from '../drafts/front-matter.ts';
import { entryFileOf } from '../../model/entry-path.ts';
import type { PublishResult, PublishQueue, StillAllowed } from './publish-queue.ts';
import type { Author, Repository } from '../storage/repository.ts';

/** What the sample content consists of; activities, units and notices are a beginning, not a sample. */
const SAMPLE = ['stories', 'examples', 'summaries', 'wishes'] as const;

/**
 * Takes the sample content away in one commit: its entries with their photos, their drafts, and the settings that tell
 * of it. Drafts that were begun anew stay. Throws a Refusal where the rest would have faults.
 */
export async function clearSample(
  repository: Repository,
  drafts: Drafts,
  publishing: PublishQueue,
  author: Author,
  stillAllowed: StillAllowed,
): Promise<PublishResult> {
  return publishing.rewrite('清空示例', author, stillAllowed, async (head) => {
    const files = (await Promise.all(SAMPLE.map(async (folder) => repository.files(head, folder)))).flat();
    const gone = files.map(({ path }) => ({ path, blob: undefined }));
    const entries = new Set(files.map(({ path }) => entryFileOf(path)).filter((file) => file !== undefined));
    const drafted = await Promise.all([...entries].map(async (file) => drafts.find(entryRefAt(file))));
    const refs = drafted.filter((draft) => draft !== undefined).map((draft) => drafts.trashing(draft));
    return {
      changes: [...gone, { path: 'site.yml', blob: await settingsWithout(repository, head) }],
      refs: refs.flat(),
    };
  });
}

/** The site's settings without what tells of the sample. */
async function settingsWithout(repository: Repository, head: string): Promise<string | undefined> {
  const blob = await repository.blobAt(head, 'site.yml');
  if (blob === undefined) return undefined;
  const changes = new Map<string, unknown>([
    ['sample', false],
    ['lead', undefined],
  ]);
  const settings = withFields('site.yml', (await repository.bytes(blob)).toString(), changes);
  return settings === undefined ? undefined : repository.write(settings);
}
