// Runs in browser and Node: pure.
import { collections } from './collections/collections.ts';
import { collectionNames, type CollectionName } from './fields/collection-names.ts';

/** The location of an entry's file, and what its path says about the entry. */
export interface EntryAddress {
  collection: CollectionName;
  /** Key of the entry, unique in its collection: an id, a code, a slug, `unit/year`, or empty for the settings. */
  key: string;
  /** Path of the entry's file below the content folder. */
  file: string;
  /** Values of the path's parameters, by name: for example `unit` and `id` of a story. */
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
 * Returns the path of an entry's file. `valueOf` returns the value of a path parameter. Returns undefined if the result
 * is not a valid path of the collection, for example because a value is empty.
 */
export function entryFile(name: CollectionName, valueOf: (parameter: string) => string): string | undefined {
  const file = collections[name].path.replace(PARAMETER, (_, parameter: string) => valueOf(parameter));
  return entryAt(file)?.collection === name ? file : undefined;
}

/**
 * Returns the location of the entry whose file has the path `file`; undefined if no entry can have this path. Does not
 * check whether the file exists.
 */
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
 * Returns the path of the file of the entry to which `file` belongs. If `file` is itself the file of an entry, returns
 * `file`. If `file` is beside an entry's `index.md`, such as a photo, returns the path of the `index.md`. Returns
 * undefined if `file` belongs to no entry.
 */
export function entryFileOf(file: string): string | undefined {
  if (entryAt(file)) return file;
  for (const { beside } of patterns) {
    const folder = beside?.exec(file)?.[1];
    if (folder !== undefined) return `${folder}index.md`;
  }
  return undefined;
}

/**
 * Returns the parameters of an entry's path that are also fields of the entry. (`slug` and `code` occur only in the
 * path.)
 */
export function repeatedParameters(address: EntryAddress): [name: string, value: string][] {
  const { shape } = collections[address.collection].schema;
  return Object.entries(address.parameters).filter(([name]) => name in shape);
}
