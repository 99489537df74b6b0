// Runs in browser and Node: pure. Workers and Node have no DOMParser.
import { SaxesParser } from 'saxes';
import { LIMITS } from './limits.ts';
import { damaged, declaresType, oversized, WordRefused } from './refusal.ts';

/** An element of an XML part. Names have the usual prefixes of Office Open XML, whatever prefixes the file uses. */
export interface XmlElement {
  name: string;
  attributes: ReadonlyMap<string, string>;
  children: XmlElement[];
  /** The text directly in the element, without that of its children. */
  text: string;
}

/** Usual prefixes of the namespaces that are read, by the end of their URI in the transitional and the strict form. */
const PREFIXES: readonly [uri: RegExp, prefix: string][] = [
  [/wordprocessingml\/(?:2006\/)?main$/u, 'w'],
  [/drawingml\/(?:2006\/)?main$/u, 'a'],
  [/drawingml\/(?:2006\/)?picture$/u, 'pic'],
  [/drawingml\/(?:2006\/)?wordprocessingDrawing$/u, 'wp'],
  [/officeDocument\/(?:2006\/)?relationships$/u, 'r'],
  [/officeDocument\/(?:2006\/)?math$/u, 'm'],
  [/markup-compatibility\/2006$/u, 'mc'],
  [/^urn:schemas-microsoft-com:vml$/u, 'v'],
];

/** Returns a function that names elements and attributes with usual prefixes; with none for other namespaces. */
function usualNames(): (uri: string, local: string) => string {
  const prefixes = new Map<string, string>();
  return (uri, local) => {
    const prefix = prefixes.get(uri) ?? PREFIXES.find(([pattern]) => pattern.test(uri))?.[1] ?? '';
    prefixes.set(uri, prefix);
    return prefix === '' ? local : `${prefix}:${local}`;
  };
}

/**
 * Parses an XML part. Returns its root element.
 * @throws WordRefused if the XML is not well-formed, declares a document type, or has too many or too deep elements.
 */
export function parseXml(source: string): XmlElement {
  const document: XmlElement = { name: '', attributes: new Map(), children: [], text: '' };
  const open = [document];
  const nameOf = usualNames();
  let count = 0;
  const parser = new SaxesParser({ xmlns: true, position: false });
  const addText = (text: string): void => {
    const current = open.at(-1);
    if (current) current.text += text;
  };
  parser.on('doctype', () => {
    throw declaresType();
  });
  parser.on('error', (error) => {
    throw damaged(error);
  });
  parser.on('opentag', ({ uri, local, attributes }) => {
    count += 1;
    if (count > LIMITS.elements || open.length > LIMITS.depth) throw oversized('文档的结构复杂得不像一篇稿件');
    const named = Object.values(attributes).map(
      (attribute) => [nameOf(attribute.uri, attribute.local), attribute.value] as const,
    );
    const element: XmlElement = { name: nameOf(uri, local), attributes: new Map(named), children: [], text: '' };
    open.at(-1)?.children.push(element);
    open.push(element);
  });
  parser.on('closetag', () => {
    open.pop();
  });
  parser.on('text', addText);
  parser.on('cdata', addText);
  try {
    parser.write(source).close();
  } catch (error) {
    throw error instanceof WordRefused ? error : damaged(error);
  }
  const [root] = document.children;
  if (!root) throw damaged();
  return root;
}

/** Returns the first descendant at a path of child names; undefined if there is none. */
export function elementAt(element: XmlElement | undefined, ...path: string[]): XmlElement | undefined {
  let found = element;
  for (const name of path) found = found?.children.find((child) => child.name === name);
  return found;
}

/** Returns the attribute `w:val` of an element, which most properties of Word are written in. */
export function valueOf(element: XmlElement | undefined): string | undefined {
  return element?.attributes.get('w:val');
}

/** Returns a text as a number; undefined if it is absent or no number. */
export function numberIn(text: string | undefined): number | undefined {
  const number = Number(text);
  return text === undefined || text.trim() === '' || Number.isNaN(number) ? undefined : number;
}

/** Returns whether a property that is on or off is on; undefined if it is absent. A property without value is on. */
export function switchOf(element: XmlElement | undefined): boolean | undefined {
  return element && !['0', 'false', 'off', 'none'].includes(valueOf(element) ?? '1');
}

/** Returns all elements below an element, in document order. */
export function* descendants(element: XmlElement): Generator<XmlElement> {
  for (const child of element.children) {
    yield child;
    yield* descendants(child);
  }
}
