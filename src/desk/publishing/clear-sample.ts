import type { Drafts } from '../drafts/drafts.ts';
import { entryRefAt } from '../domain/entry-ref.ts';
import { withFields } from '../drafts/front-matter.ts';
import { parseFile } from '../../model/document.ts';
import { entryFileOf } from '../../model/entry-path.ts';
import type { PublishResult, PublishQueue, StillAllowed } from './publish-queue.ts';
import type { Author, Repository } from '../storage/repository.ts';

/**
 * The collections of the sample content. Activities, units and notices are not sample content: a new site starts with
 * them.
 */
const SAMPLE = ['stories', 'examples', 'summaries', 'wishes'] as const;

/**
 * Deletes the sample content in one commit: its entries with their photos, the drafts of these entries, and the
 * settings that mention the sample. Drafts of entries that are not published stay.
 * @throws Refusal 422 if the remaining content would have faults.
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
    const refs = drafted.filter((draft) => draft !== undefined).map((draft) => drafts.deletionOf(draft));
    return {
      changes: [...gone, { path: 'site.yml', blob: await settingsWithout(repository, head) }],
      refs: refs.flat(),
    };
  });
}

/**
 * Stores the site's settings without the sample. Resolves to the id of their blob, or to undefined if there are no
 * settings. Settings that cannot be parsed stay as they are.
 */
async function settingsWithout(repository: Repository, head: string): Promise<string | undefined> {
  const blob = await repository.blobAt(head, 'site.yml');
  if (blob === undefined) return undefined;
  const file = parseFile('site.yml', (await repository.bytes(blob)).toString());
  if ('what' in file) return blob;
  const changes = new Map<string, unknown>([
    ['sample', false],
    ['lead', undefined],
  ]);
  const settings = withFields(file, changes);
  return settings === undefined ? undefined : repository.write(settings);
}
