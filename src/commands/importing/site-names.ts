import type { Source } from '../../library/content/content-source.ts';
import { collections } from '../../model/collections/collections.ts';
import { parseDocumentFile } from '../../model/document.ts';
import { entryAt } from '../../model/entry-path.ts';
import type { NamedUnit, SiteNames } from '../../word/fields/story.ts';

/** Resolves to the data of a file; undefined if the file is missing or cannot be parsed. */
async function dataOf(source: Source, file: string): Promise<unknown> {
  const bytes = await source.read(file).catch(() => undefined);
  const parsed = bytes && parseDocumentFile(file, new TextDecoder().decode(bytes));
  return parsed && 'data' in parsed ? parsed.data : undefined;
}

/** Resolves to the names by which units and the federation are recognised in documents. Invalid files are left out. */
export async function siteNames(source: Source): Promise<SiteNames> {
  const files = [...(await source.list()).keys()].sort();
  const units: NamedUnit[] = [];
  for (const file of files) {
    const address = entryAt(file);
    if (address?.collection !== 'units') continue;
    const { data } = collections.units.schema.safeParse(await dataOf(source, file));
    if (data) units.push({ code: address.key, name: data.name, short: data.short, aliases: data.aliases });
  }
  const { data } = collections.site.schema.safeParse(await dataOf(source, 'site.yml'));
  return { units, organiser: data?.organiser ?? '' };
}
