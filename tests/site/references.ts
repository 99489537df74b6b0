// Reads what a page, a feed or a site map refers to, independently of the code that wrote it.
import { Parser } from 'htmlparser2';

/** A reference to an address. */
export interface Reference {
  /** Element and attribute, such as `img srcset`. */
  from: string;
  /** The address as written. */
  to: string;
  /** Does the browser fetch it by itself to show the page? Links are fetched only when followed. */
  fetched: boolean;
}

/** The references of a document, and the ids to which others may refer. */
export interface Outline {
  references: Reference[];
  ids: Set<string>;
}

/** Attributes that hold one address. */
const SINGLE = ['href', 'src', 'action', 'formaction', 'poster', 'data', 'cite', 'url'];
/** Attributes that hold several addresses, each with a width or a density. */
const SEVERAL = ['srcset', 'imagesrcset'];
/** Properties of `<meta>` whose content is an address. */
const META = /^(?:og:(?:url|image(?::url|:secure_url)?)|twitter:image)$/u;
/** Elements of feeds and site maps whose text is an address. */
const TEXT = new Set(['link', 'guid', 'loc', 'image:loc']);
/** Relations of `<link>` that are not fetched. */
const IDLE = /\b(?:canonical|alternate|next|prev|author|license|search)\b/u;

function isFetched(element: string, attributes: Record<string, string>): boolean {
  if (element === 'link') return !IDLE.test(attributes['rel'] ?? '');
  return !['a', 'area', 'form', 'button', 'meta', 'blockquote', 'q', 'enclosure', 'atom:link'].includes(element);
}

/** Returns the addresses of a `srcset`. */
function candidates(srcset: string): string[] {
  return srcset.split(/,\s+/u).flatMap((candidate) => candidate.trim().split(/\s+/u)[0] ?? []);
}

/** Returns the addresses in a JSON value. */
function addressesIn(value: unknown): string[] {
  if (typeof value === 'string') return /^https?:/u.test(value) ? [value] : [];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(addressesIn) : [];
}

/** Parses a document; `xml`: a feed or a site map, otherwise HTML. */
export function outlineOf(text: string, xml = false): Outline {
  const references: Reference[] = [];
  const ids = new Set<string>();
  let open = '';
  let held = '';
  const parser = new Parser(
    {
      onopentag(element, attributes) {
        open = element;
        held = '';
        if (attributes['id'] !== undefined) ids.add(attributes['id']);
        const fetched = isFetched(element, attributes);
        for (const name of SINGLE) {
          const to = attributes[name];
          if (to !== undefined) references.push({ from: `${element} ${name}`, to, fetched });
        }
        for (const name of SEVERAL) {
          const addresses = candidates(attributes[name] ?? '');
          references.push(...addresses.map((to) => ({ from: `${element} ${name}`, to, fetched })));
        }
        const property = attributes['property'] ?? attributes['name'] ?? '';
        if (element === 'meta' && META.test(property)) {
          references.push({ from: `meta ${property}`, to: attributes['content'] ?? '', fetched: false });
        }
      },
      ontext(part) {
        held += part;
      },
      onclosetag(element) {
        if (element !== open) return;
        if (xml && TEXT.has(element)) references.push({ from: element, to: held.trim(), fetched: false });
        // A feed contains HTML as text.
        if (xml && /^(?:content:encoded|description)$/u.test(element)) {
          references.push(...outlineOf(held).references.map((one) => ({ ...one, from: `${element}: ${one.from}` })));
        }
        if (element === 'script' && /^\s*\{.*"@context"/su.test(held)) {
          const found = addressesIn(JSON.parse(held)).filter((to) => !to.startsWith('https://schema.org'));
          references.push(...found.map((to) => ({ from: 'script ld+json', to, fetched: false })));
        }
        open = '';
      },
    },
    { xmlMode: xml, decodeEntities: true },
  );
  parser.end(text);
  return { references, ids };
}
