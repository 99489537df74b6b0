import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { outlineOf, type Outline, type Reference } from './references.ts';

/** Matches paths of the desk, which are not files of the site. */
const DESK = /^\/(?:desk|admin|api)\//u;
/** Matches URLs that open another program, such as a mail program. */
const ELSEWHERE = /^(?:mailto|tel):/u;
const DOCUMENT = /\.(?:html|xml)$/u;

/** Returns the URL path of an output file: `/units/` for `units/index.html`. */
function addressOf(file: string): string {
  return `/${file.replace(/(?:^|(?<=\/))index\.html$/u, '')}`;
}

/** Check of a built site: everything to which its pages, feed and site map refer must exist. */
export class LinkCheck {
  readonly #root: string;
  readonly #origin: string;
  readonly #outlines = new Map<string, Outline>();

  /** Parses all HTML and XML files below `root`. `origin`: origin of the site in its absolute URLs. */
  constructor(root: string, origin: string) {
    this.#root = root;
    this.#origin = origin;
    for (const file of readdirSync(root, { recursive: true, encoding: 'utf8' })) {
      if (!DOCUMENT.test(file)) continue;
      this.#outlines.set(addressOf(file), outlineOf(readFileSync(join(root, file), 'utf8'), file.endsWith('.xml')));
    }
  }

  /** Numbers of references by kind, such as `img srcset`. */
  get counts(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const { references } of this.#outlines.values()) {
      for (const { from } of references) counts[from] = (counts[from] ?? 0) + 1;
    }
    return counts;
  }

  /** Returns the broken references, one string each: path of the page, kind, target, and what is wrong. */
  faults(): string[] {
    return [...this.#outlines].flatMap(([address, { references }]) =>
      references.flatMap((reference) => {
        const fault = this.#faultOf(address, reference);
        return fault === undefined ? [] : [`${address} ${reference.from} ${reference.to}: ${fault}`];
      }),
    );
  }

  #faultOf(address: string, { to, fetched }: Reference): string | undefined {
    if (ELSEWHERE.test(to) || (fetched && to.startsWith('data:'))) return undefined;
    const base = this.#origin + address;
    if (!URL.canParse(to, base)) return 'no address';
    const { origin, pathname, hash } = new URL(to, base);
    if (origin !== this.#origin) return fetched ? 'fetched from another site' : undefined;
    if (DESK.test(pathname)) return undefined;
    const path = decodeURI(pathname);
    const file = join(this.#root, path.endsWith('/') ? `${path}index.html` : path);
    if (!existsSync(file)) return 'not there';
    if (!statSync(file).isFile()) return 'a folder: readers are redirected';
    if (hash === '' || hash === '#top') return undefined;
    return this.#outlines.get(path)?.ids.has(decodeURIComponent(hash.slice(1))) ? undefined : 'no such place on it';
  }
}
