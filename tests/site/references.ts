// Reads the references of a page, a feed or a site map, independently of the code that wrote the document.
import { Parser } from 'htmlparser2';

/** A reference from a document to a URL. */
export interface Reference {
  /**
   * Kind of the reference. For most references it is the names of the element and the attribute, such as `img srcset`.
   */
  from: string;
  /** The URL as written in the document; may be relative. */
  to: string;
  /** Whether the browser fetches the URL by itself to show the page. It fetches links only when readers follow them. */
  fetched: boolean;
}

/** The references in a document, and the ids of its elements, to which fragments of URLs may refer. */
export interface Outline {
  references: Reference[];
  ids: Set<string>;
}

/** Names of attributes that hold one URL. */
const SINGLE = ['href', 'src', 'action', 'formaction', 'poster', 'data', 'cite', 'url'];
/** Names of attributes that hold several URLs, each with a width or a density. */
const SEVERAL = ['srcset', 'imagesrcset'];
/** Matches the properties of `<meta>` whose content is a URL. */
const META = /^(?:og:(?:url|image(?::url|:secure_url)?)|twitter:image)$/u;
/** Names of elements of feeds and site maps whose text is a URL. */
const TEXT = new Set(['link', 'guid', 'loc', 'image:loc']);
/** Matches relations of `<link>` whose targets browsers do not fetch. */
const IDLE = /\b(?:canonical|alternate|next|prev|author|license|search)\b/u;

function isFetched(element: string, attributes: Record<string, string>): boolean {
  if (element === 'link') return !IDLE.test(attributes['rel'] ?? '');
  return !['a', 'area', 'form', 'button', 'meta', 'blockquote', 'q', 'enclosure', 'atom:link'].includes(element);
}

/** Returns the URLs in a `srcset`. */
function candidates(srcset: string): string[] {
  return srcset.split(/,\s+/u).flatMap((candidate) => candidate.trim().split(/\s+/u)[0] ?? []);
}

/** Returns the HTTP(S) URLs in a JSON value, at any depth. */
function addressesIn(value: unknown): string[] {
  if (typeof value === 'string') return /^https?:/u.test(value) ? [value] : [];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(addressesIn) : [];
}

/** Returns the references and ids of a document. `xml`: the document is a feed or a site map; otherwise HTML. */
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
        // The text of these elements of a feed is HTML, which has references too.
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
