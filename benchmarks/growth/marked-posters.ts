import { join } from 'node:path';
import { Library } from '../../src/library/library.ts';
import { posterVersionOf } from '../../src/poster/poster-version.ts';
import { ownPages } from '../../src/render/compile/mdx-pages.ts';
import { fileOfPage, Output } from '../../src/render/output/output.ts';
import { Journal } from '../../src/render/publish/journal.ts';

/** Notes an empty file as the current poster of every published entry of a desk that does not run. */
export function markPosters(data: string, origin: string): void {
  const journal = new Journal(join(data, 'journal.sqlite'));
  const output = new Output(join(data, 'site'));
  const library = new Library({ origin, ownPages: ownPages() }, journal);
  library.restore(journal.versions({ own: true }), { files: journal.files(), faults: journal.faults() });
  const reader = library.passingReader();
  for (const key of reader.posterKeys()) {
    const facts = reader.poster(...key);
    if (!facts) continue;
    const path = fileOfPage(facts.href);
    output.write(path, '');
    const stamp = output.stampOf(path);
    if (stamp !== undefined) journal.setPoster(facts.href, { version: posterVersionOf(facts), stamp });
  }
  journal.close();
}
