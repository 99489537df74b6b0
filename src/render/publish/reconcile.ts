import { join } from 'node:path';
import { fingerprint } from '../../library/content/fingerprint.ts';
import type { Library } from '../../library/library.ts';
import { allAddresses } from '../../library/static-paths.ts';
import type { Version } from '../../library/content/version.ts';
import { SEARCH_FOLDER } from '../../search/index/index-files.ts';
import { originalOf } from '../output/compression.ts';
import { fileOfPage, filesBelow, type Output } from '../output/output.ts';
import type { CompressedPages } from '../output/compressed-pages.ts';
import type { Pages } from './pages.ts';
import type { PhotoFiles } from './photo-files.ts';
import type { Plan } from './output-plan.ts';
import { posterKeysOf } from './poster-updates.ts';

/** What the output is compared with. */
export interface Expected {
  library: Library;
  pages: Pages;
  output: Output;
  copies: CompressedPages;
  photos: PhotoFiles;
  /** Folder of the compiled code's own files: scripts, styles, public files. */
  client: string;
  /** Whether a page's file can be assumed to be what was written last; false after a run that was interrupted. */
  trusted: boolean;
}

/** The result of a comparison, in addition to the changes of the plan. */
export interface OutputDifference {
  /** Entries whose encoded photos are not all in the output. */
  incomplete: Version[];
  /** Files to place: path in the output → path of the file. */
  placed: Map<string, string>;
  /** Files that belong to nothing. */
  orphans: string[];
}

/** Compares the output with what it should be. Adds pages that are missing, wrong or superfluous to the plan. */
export async function differenceInOutput(plan: Plan, expected: Expected): Promise<OutputDifference> {
  const { library, pages, output, copies, photos, client, trusted } = expected;
  const files = await output.list();
  const wanted = new Set<string>();
  for (const [address, owner] of allAddresses(library)) {
    const path = fileOfPage(address);
    wanted.add(path);
    const page = pages.get(address);
    if (page && files.has(path) && (trusted || isPage(output, path, page.fingerprint))) continue;
    if (!plan.added.has(address)) plan.stale.set(address, owner);
    // No file is known to be right, so whatever is rendered is written.
    if (page) pages.set(address, { ...page, fingerprint: '' });
  }
  await copies.survey(wanted, files, trusted);
  for (const address of pages.addresses) if (!wanted.has(fileOfPage(address))) plan.gone.add(address);

  // Posters are drawn in a separate step: existing ones may be outdated but belong here.
  for (const address of posterKeysOf(library).keys()) wanted.add(fileOfPage(address));

  const versions = [...library.store.versions.values()];
  const placed = new Map<string, string>();
  const incomplete: Version[] = [];
  for (const version of versions) {
    const own = photos.filesOf(version);
    const absent = [...own].filter(([path]) => !files.has(path));
    if (absent.length > 0) incomplete.push(version);
    for (const path of own.keys()) wanted.add(path);
    for (const [path, from] of absent) placed.set(path, from);
  }
  // Sorted, so that a file comes before its copies, which are removed when the file is placed.
  for (const path of (await filesBelow(client)).sort()) {
    wanted.add(path);
    placed.set(path, join(client, path));
  }
  const orphans = [...files].filter(
    (path) => !wanted.has(path) && !wanted.has(originalOf(path)) && !path.startsWith(`${SEARCH_FOLDER}/`),
  );
  return { incomplete, placed, orphans };
}

function isPage(output: Output, path: string, expected: string): boolean {
  const content = output.read(path);
  return content !== undefined && fingerprint(content) === expected;
}
