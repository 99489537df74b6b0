// Runs in browser and Node: pure.
import { collections } from './collections/collections.ts';
import { collectionNames, type CollectionName } from './fields/collection-names.ts';

/** Where an entry's file is, and what its path says. */
export interface EntryAddress {
  collection: CollectionName;
  /** Unique in its collection: an id, a code, a slug, `unit/year`, or empty for the site's settings. */
  key: string;
  /** Path of the entry's own file below the content folder. */
  file: string;
  /** Parameters of the path by name. */
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

/** Returns the names of the parameters in the path of a collection's files, from left to right. */
export function pathParameters(name: CollectionName): string[] {
  return Array.from(collections[name].path.matchAll(PARAMETER), ([, parameter = '']) => parameter);
}

/**
 * Returns the file of an entry, given the parameters of its path; undefined if the path is not an entry's, for example
 * because a parameter is empty.
 */
export function entryFile(name: CollectionName, valueOf: (parameter: string) => string): string | undefined {
  const file = collections[name].path.replace(PARAMETER, (_, parameter: string) => valueOf(parameter));
  return entryAt(file)?.collection === name ? file : undefined;
}

/** Returns the entry whose file this is; undefined if it is no entry's. */
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

/**
 * Returns the file of the entry that a file belongs to: the file itself, or the index.md in its folder; undefined if it
 * belongs to none.
 */
export function entryFileOf(file: string): string | undefined {
  if (entryAt(file)) return file;
  for (const { beside } of patterns) {
    const folder = beside?.exec(file)?.[1];
    if (folder !== undefined) return `${folder}index.md`;
  }
  return undefined;
}

/** Returns the parameters of a path that the entry's fields repeat. (`slug` and `code` occur only in the path.) */
export function repeatedParameters(address: EntryAddress): [name: string, value: string][] {
  const { shape } = collections[address.collection].schema;
  return Object.entries(address.parameters).filter(([name]) => name in shape);
}
