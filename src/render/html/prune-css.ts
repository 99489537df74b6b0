import postcss, { type AtRule, type ChildNode, type Root } from 'postcss';

/** Matches a scope class: the class by which Astro limits a component's styles to its own elements. */
const SCOPE = /\bastro-[a-z0-9]{8}\b/gu;
const STYLE = /<style[^>]*>([\s\S]*?)<\/style>/gu;
/** Matches a start tag that has classes. Groups: the tag's name, the attributes before `class`, and the classes. */
const CLASSED = /<([a-z][a-z0-9]*)((?:\s+[^\s=>]+(?:="[^"]*")?)*?)\s+class="([^"]*)"/gu;

const TAG = /<([a-z][a-z0-9]*)/gu;

/** A compound selector: the part of a selector between two combinators, with its conditions for one element. */
interface Compound {
  /** Name of the tag; undefined if the selector matches any tag. */
  tag: string | undefined;
  classes: readonly string[];
}

/**
 * Returns the compound selectors of a selector, in order. Ignores arguments in parentheses, such as those of `:not()`.
 */
function compoundsOf(selector: string): Compound[] {
  return selector
    .replace(/\([^()]*\)/gu, '')
    .split(/[\s>+~]+/u)
    .map((compound) => ({
      tag: /^[a-z][a-z0-9]*/u.exec(compound)?.[0],
      classes: Array.from(compound.matchAll(/\.([\w-]+)/gu), ([, name = '']) => name),
    }));
}

function isScoped({ classes }: Compound): boolean {
  return classes.some(isScope);
}

function isScope(name: string): boolean {
  return /^astro-[a-z0-9]{8}$/u.test(name);
}

/** Returns the key of an element: its tag's name, a space, and its classes as written in the page. */
function elementOf(tag: string, classes: string): string {
  return `${tag} ${classes}`;
}

function fits({ tag, classes }: Compound, element: string): boolean {
  const [own, ...names] = element.split(' ');
  return (tag === undefined || tag === own) && classes.every((name) => names.includes(name));
}

/** The keys of the elements with classes in a page (see elementOf), and the names of all tags in the page. */
interface Elements {
  elements: readonly string[];
  tags: ReadonlySet<string>;
}

/** The styles that remain for a page, and the classes that remain for its elements. */
interface PrunedCss {
  css: string;
  /**
   * The classes of each element, by the element's key. Scope classes have short names here and are left out if no rule
   * needs them.
   */
  classes: ReadonlyMap<string, string>;
}

/**
 * Removes component rules that match no element of the page. Of the rules that remain, adds the compound selectors that
 * contain a scope class to `needed`.
 */
function prune(parent: Root | AtRule, { elements, tags }: Elements, needed: Compound[]): void {
  for (const node of [...(parent.nodes ?? [])] satisfies ChildNode[]) {
    if (node.type === 'atrule' && /keyframes$/u.test(node.name)) continue;
    if (node.type === 'atrule' && node.nodes) {
      prune(node, { elements, tags }, needed);
      if (node.nodes.length === 0) node.remove();
    } else if (node.type === 'rule') {
      const kept = node.selectors.filter((selector) => {
        const compounds = compoundsOf(selector);
        const scoped = compounds.filter(isScoped);
        const used =
          scoped.length === 0 ||
          (scoped.every((compound) => elements.some((element) => fits(compound, element))) &&
            compounds.every(({ tag }) => tag === undefined || tags.has(tag)));
        if (used) needed.push(...scoped);
        return used;
      });
      if (kept.length === 0) node.remove();
      else if (kept.length < node.selectors.length) node.selectors = kept;
    }
  }
}

function pruned(css: string, { elements, tags }: Elements): PrunedCss {
  const root = postcss.parse(css);
  const needed: Compound[] = [];
  prune(root, { elements, tags }, needed);
  const short = new Map<string, string>();
  const shorten = (scope: string): string => {
    const name = short.get(scope) ?? `z${short.size.toString(36)}`;
    short.set(scope, name);
    return name;
  };
  const text = root.toString().replace(SCOPE, shorten);
  const classes = elements.map((element) => {
    const fitting = needed.filter((compound) => fits(compound, element));
    const [, ...names] = element.split(' ');
    const kept = names.filter((name) =>
      isScope(name) ? fitting.some((compound) => compound.classes.includes(name)) : name !== '',
    );
    return [element, kept.map((name) => (isScope(name) ? shorten(name) : name)).join(' ')] as const;
  });
  return { css: text, classes: new Map(classes) };
}

/**
 * Cache of results by styles, elements and tags. Pages of one kind have the same styles and almost always the same
 * elements.
 */
const known = new Map<string, PrunedCss>();
const MOST_KNOWN = 500;

/**
 * Returns the HTML of a page with fewer styles. All styles are in one element at the end of the head. Component rules
 * that match no element of the page are removed: Astro bundles styles by route, not by page. Scope classes that no rule
 * needs are removed too. Elements that scripts add later are not in the HTML. So rules for them must be global or in a
 * style sheet that the script loads.
 */
export function pruneCss(html: string): string {
  const css = Array.from(html.matchAll(STYLE), ([, text = '']) => text.trim()).join('');
  if (css === '') return html;
  const bare = html.replace(STYLE, '');
  const elements = [
    ...new Set(Array.from(bare.matchAll(CLASSED), ([, tag = '', , classes = '']) => elementOf(tag, classes))),
  ].sort();
  const tags = new Set(Array.from(bare.matchAll(TAG), ([, tag = '']) => tag));
  const key = [css, ...elements, ...[...tags].sort()].join('\n');
  const pruning = known.get(key) ?? pruned(css, { elements, tags });
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(key, pruning);
  const classed = bare.replace(CLASSED, (_, tag: string, before: string, classes: string) => {
    const kept = pruning.classes.get(elementOf(tag, classes)) ?? classes;
    return kept === '' ? `<${tag}${before}` : `<${tag}${before} class="${kept}"`;
  });
  return classed.replace('</head>', () => `<style>${pruning.css}</style></head>`);
}
