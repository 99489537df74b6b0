// Runs in browser and Node: pure.
import { parseXml } from './xml.ts';
import type { ZipPackage } from './zip.ts';

/** A reference from one part of a package to another, or to something outside (`external`). */
export interface Relation {
  /** Name of the part, or the URL of an external target, which is never fetched. */
  target: string;
  type: string;
  external: boolean;
}

/** Returns the name of a part, without `.` and `..`. A name cannot leave the package. */
function normalised(name: string): string {
  const parts: string[] = [];
  for (const part of name.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}

/** Returns a text with its percent-encoding decoded; the same text if that is not valid. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Returns the relations of a part by their ids; those of the whole package for the part ''. */
export function relationsOf(pack: ZipPackage, part: string): ReadonlyMap<string, Relation> {
  const folder = part.slice(0, part.lastIndexOf('/') + 1);
  const source = pack.text(`${folder}_rels/${part.slice(folder.length)}.rels`);
  if (source === undefined) return new Map();
  const relations = parseXml(source).children.map(({ attributes }) => {
    const target = attributes.get('Target') ?? '';
    const external = attributes.get('TargetMode') === 'External';
    const name = normalised(target.startsWith('/') ? target : folder + target);
    const relation: Relation = {
      target: external ? target : pack.has(name) ? name : decoded(name),
      type: attributes.get('Type') ?? '',
      external,
    };
    return [attributes.get('Id') ?? '', relation] as const;
  });
  return new Map(relations);
}

/** Returns the name of the part to which the first relation of a type leads, by the end of the type's URI. */
export function partOfType(relations: ReadonlyMap<string, Relation>, type: string): string | undefined {
  for (const relation of relations.values()) {
    if (!relation.external && relation.type.endsWith(`/${type}`)) return relation.target;
  }
  return undefined;
}
