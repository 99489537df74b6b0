// Runs in browser and Node: pure.
import { collections } from './collections/collections.ts';
import { collectionNames, type CollectionName } from './fields/names.ts';

/** Where an entry lies and what its path says of it. */
export interface EntryAddress {
  collection: CollectionName;
  /** Unique in its collection: an id, a code, a slug, `unit/year`, or empty for the site's settings. */
  key: string;
  /** The entry's own file, below the content folder. */
  file: string;
  /** Parameters of the path that its fields must repeat. */
  parameters: Readonly<Record<string, string>>;
}

const PARAMETER = /\{(\w+)\}/gu;

const patterns = collectionNames.map((name) => {
  const { path, key } = collections[name];
  const source = path.replaceAll('.', '\\.').replace(PARAMETER, '(?<$1>[^/]+)');
  const folder = path.endsWith('/index.md') ? path.slice(0, -'index.md'.length) : undefined;
  const beside = folder?.replace(PARAMETER, '(?:[^/]+)');
  return {
    name,
    keyNames: key,
    file: new RegExp(`^${source}$`, 'u'),
    beside: beside === undefined ? undefined : new RegExp(`^(${beside})[^/]+$`, 'u'),
  };
});

/** The parameters of the path of a collection's files, from left to right. */
export function pathParameters(name: CollectionName): string[] {
  return Array.from(collections[name].path.matchAll(PARAMETER), ([, parameter = '']) => parameter);
}

/** The file of an entry by the parameters of its path; undefined where one is missing. */
export function entryFile(name: CollectionName, valueOf: (parameter: string) => string): string | undefined {
  const file = collections[name].path.replace(PARAMETER, (_, parameter: string) => valueOf(parameter));
  return entryAt(file)?.collection === name ? file : undefined;
}

/** The entry whose file this is; undefined: no entry's. */
export function entryAt(file: string): EntryAddress | undefined {
  for (const { name, keyNames, file: pattern } of patterns) {
    const groups = pattern.exec(file)?.groups;
    if (pattern.test(file)) {
      const parameters = { ...groups };
      return { collection: name, key: keyNames.map((part) => parameters[part] ?? '').join('/'), file, parameters };
    }
  }
  return undefined;
}

/** The file of the entry that a file belongs to: itself, or the index.md it lies beside. Undefined: no entry's. */
export function entryFileOf(file: string): string | undefined {
  if (entryAt(file)) return file;
  for (const { beside } of patterns) {
    const folder = beside?.exec(file)?.[1];
    if (folder !== undefined) return `${folder}index.md`;
  }
  return undefined;
}

/** Parameters of a path that the fields of the entry repeat (`slug` and `code` stand in the path alone). */
export function repeatedParameters(address: EntryAddress): [name: string, value: string][] {
  const { shape } = collections[address.collection].schema;
  return Object.entries(address.parameters).filter(([name]) => name in shape);
}
