import postcss, { type AtRule, type ChildNode, type Root } from 'postcss';

/** The class by which Astro ties a component's styles to its elements. */
const SCOPE = /\bastro-[a-z0-9]{8}\b/gu;
const STYLE = /<style[^>]*>([\s\S]*?)<\/style>/gu;
/** A start tag with classes: what is before them, the tag, the classes, what follows. */
const CLASSED = /<([a-z][a-z0-9]*)((?:\s+[^\s=>]+(?:="[^"]*")?)*?)\s+class="([^"]*)"/gu;

const TAG = /<([a-z][a-z0-9]*)/gu;

/** One part of a selector between combinators: what an element must be. */
interface Compound {
  /** Undefined: any. */
  tag: string | undefined;
  classes: readonly string[];
}

/** The compounds of a selector. What stands in `:not()` and the like does not count. */
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

/** An element as selectors see it: tag and classes, as they are written in the page. */
function elementOf(tag: string, classes: string): string {
  return `${tag} ${classes}`;
}

function fits({ tag, classes }: Compound, element: string): boolean {
  const [own, ...names] = element.split(' ');
  return (tag === undefined || tag === own) && classes.every((name) => names.includes(name));
}

/** What a page is made of: its elements that have classes, and the tags of all. */
interface Elements {
  elements: readonly string[];
  tags: ReadonlySet<string>;
}

/** What is left of a page's styles, and which elements need which scopes. */
interface Slimmed {
  css: string;
  /** Element → its classes, as far as some rule needs them; scopes by their short names. */
  classes: ReadonlyMap<string, string>;
}

/** Takes the rules of components out that no element is meant by, and notes what the others ask for. */
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

function slimmed(css: string, { elements, tags }: Elements): Slimmed {
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

/** Pages of a kind have the same styles and, but for a few, the same elements. */
const known = new Map<string, Slimmed>();
const MOST_KNOWN = 500;

/**
 * The same page in fewer bytes: its styles in one element, without the rules of components (Astro bundles them by route)
 * that no element of the page is meant by, and without the scope classes that no rule asks for. What scripts add to a
 * page is not known here: rules for it belong into a sheet that they bring along, or are global.
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
  const slim = known.get(key) ?? slimmed(css, { elements, tags });
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(key, slim);
  const classed = bare.replace(CLASSED, (_, tag: string, before: string, classes: string) => {
    const kept = slim.classes.get(elementOf(tag, classes)) ?? classes;
    return kept === '' ? `<${tag}${before}` : `<${tag}${before} class="${kept}"`;
  });
  return classed.replace('</head>', () => `<style>${slim.css}</style></head>`);
}
