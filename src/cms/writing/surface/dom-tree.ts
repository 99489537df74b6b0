import type { HtmlElement, HtmlNode } from '../../../writing/paste/html-tree.ts';

/**
 * Greatest depth of elements that is read. What is deeper is read as text, so that a hostile page cannot exhaust the
 * stack. Articles of WeChat have up to 30 levels.
 */
const DEEPEST = 200;

function nodesOf(parent: Node, depth: number): HtmlNode[] {
  return Array.from(parent.childNodes).flatMap((node): HtmlNode[] => {
    if (node.nodeType === Node.TEXT_NODE) return [node.nodeValue ?? ''];
    if (!(node instanceof Element)) return [];
    const attributes = Array.from(node.attributes, ({ name, value }) => [name.toLowerCase(), value]);
    const children = depth < DEEPEST ? nodesOf(node, depth + 1) : [node.textContent ?? ''];
    return [{ name: node.nodeName.toLowerCase(), attributes: Object.fromEntries(attributes), children }];
  });
}

/** Returns the body of an HTML document as a tree. Runs no script and loads nothing. */
export function bodyTree({ body }: Document): HtmlElement {
  return { name: 'body', attributes: {}, children: nodesOf(body, 0) };
}

/** Parses HTML of the clipboard. */
export function parseHtml(html: string): Document {
  return new DOMParser().parseFromString(html, 'text/html');
}
