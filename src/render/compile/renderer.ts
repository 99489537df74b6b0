import { pathToFileURL } from 'node:url';
import type { LibraryReader } from '../../library/queries/page-queries.ts';
import type { Bundle } from './compile.ts';

/** The part of Astro's app that Renderer calls (astro/app, `App.render`). */
interface PageApp {
  render(request: Request, options: { locals: { library: LibraryReader } }): Promise<Response>;
}

function isPageApp(value: unknown): value is PageApp {
  return typeof value === 'object' && value !== null && 'render' in value && typeof value.render === 'function';
}

/** The renderer of single pages, with the compiled code. */
export class Renderer {
  readonly #app: PageApp;
  readonly #origin: string;

  private constructor(app: PageApp, origin: string) {
    this.#app = app;
    this.#origin = origin;
  }

  /**
   * Loads a bundle. `origin` is the origin of the published site, without a slash at the end. Rejects if the bundle
   * exports no app.
   */
  static async load(bundle: Bundle, origin: string): Promise<Renderer> {
    const loaded: unknown = await import(pathToFileURL(bundle.entry).href);
    const app = typeof loaded === 'object' && loaded !== null && 'app' in loaded ? loaded.app : undefined;
    if (!isPageApp(app)) throw new Error(`${bundle.entry} exports no app: delete its folder and build again.`);
    return new Renderer(app, origin);
  }

  /**
   * Renders the page with the URL path `address` and resolves to its content. The page reads its data through
   * `library`. Rejects if rendering fails or the page does not exist.
   */
  async render(address: string, library: LibraryReader): Promise<string> {
    const missing = address === '/404.html';
    const request = new Request(this.#origin + (missing ? '/404/' : address));
    const response = await this.#app.render(request, { locals: { library } });
    if (response.status !== (missing ? 404 : 200)) {
      throw new Error(`Page ${address} answered ${response.status} while rendering: see the error above.`);
    }
    return response.text();
  }
}
