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

/** The objects that describe the output and what it should contain. */
export interface Expected {
  library: Library;
  pages: Pages;
  output: Output;
  copies: CompressedPages;
  photos: PhotoFiles;
  /** Folder of the bundle's files for readers: scripts, styles and public files. */
  client: string;
  /**
   * Whether the files of pages can be assumed to be as they were last written. False after an interrupted run: then
   * every file is read and compared.
   */
  trusted: boolean;
}

/** The result of a comparison, apart from the changes that are added to the plan. */
export interface OutputDifference {
  /** Versions of entries whose encoded photos are not all in the output. */
  incomplete: Version[];
  /** Files to place in the output: the keys are paths in the output, the values paths of the files to copy from. */
  placed: Map<string, string>;
  /** Paths of files in the output that must be removed, because the site does not need them. */
  orphans: string[];
}

/**
 * Compares the files of the output with what it should contain. Adds pages to the plan: missing and wrong pages to
 * render, superfluous pages to remove.
 */
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
    // The file of this page may be wrong. The empty fingerprint makes sure that the rendered page is written.
    if (page) pages.set(address, { ...page, fingerprint: '' });
  }
  await copies.survey(wanted, files, trusted);
  for (const address of pages.addresses) if (!wanted.has(fileOfPage(address))) plan.gone.add(address);

  // Posters are drawn in a separate step. An existing poster may be outdated but is not an orphan.
  for (const address of posterKeysOf(library).keys()) wanted.add(fileOfPage(address));

  const versions = [...library.store.versions.values()];
  const placed = new Map<string, string>();
  const incomplete: Version[] = [];
  for (const version of versions) {
    const own = photos.pathsOf(version);
    for (const path of own) wanted.add(path);
    if (own.every((path) => files.has(path))) continue;
    incomplete.push(version);
    for (const [path, from] of photos.filesOf(version)) if (!files.has(path)) placed.set(path, from);
  }
  // Sorted, so that a file comes before its compressed copies: placing a file removes its copies.
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
