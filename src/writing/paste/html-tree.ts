// Runs in browser and Node: pure.

/** An element of parsed HTML. Comments are not part of the tree. */
export interface HtmlElement {
  /** Name of the element in lower case. */
  name: string;
  /** Attributes by their names in lower case. */
  attributes: Readonly<Record<string, string>>;
  children: readonly HtmlNode[];
}

/** A node of parsed HTML. A string is text. */
export type HtmlNode = HtmlElement | string;

export function isElement(node: HtmlNode | undefined): node is HtmlElement {
  return node !== undefined && typeof node !== 'string';
}

/** Returns the text of a node and of everything in it. */
export function textOf(node: HtmlNode): string {
  return typeof node === 'string' ? node : node.children.map(textOf).join('');
}

/** Returns the elements in a node with one of some names, at any depth. */
export function elementsIn(node: HtmlNode, ...names: readonly string[]): HtmlElement[] {
  if (!isElement(node)) return [];
  return node.children.flatMap((child) => [
    ...(isElement(child) && names.includes(child.name) ? [child] : []),
    ...elementsIn(child, ...names),
  ]);
}

/** Returns the value of a CSS property in an element's `style` attribute, in lower case; empty if it has none. */
export function styleOf({ attributes }: HtmlElement, property: string): string {
  const declarations = (attributes['style'] ?? '').split(';').map((declaration) => {
    const colon = declaration.indexOf(':');
    return [
      declaration.slice(0, colon).trim().toLowerCase(),
      declaration
        .slice(colon + 1)
        .trim()
        .toLowerCase(),
    ];
  });
  return declarations.findLast(([name]) => name === property)?.[1] ?? '';
}

/** Returns an attribute as a whole number, or undefined if it is not one. */
export function numberIn({ attributes }: HtmlElement, name: string): number | undefined {
  const number = Number.parseInt(attributes[name] ?? '', 10);
  return Number.isNaN(number) ? undefined : number;
}
