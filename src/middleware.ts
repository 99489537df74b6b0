import { defineMiddleware } from 'astro:middleware';
import { openedLibrary } from './library/static-build-library.ts';
import { withPolicy } from './render/html/content-security-policy.ts';
import { pruneCss } from './render/html/prune-css.ts';

/**
 * Sets `locals.library` for every page; prunes the CSS of the HTML and adds a Content Security Policy. Runs both in the
 * static build and in the renderer of single pages.
 */
export const onRequest = defineMiddleware(async ({ locals, url, isPrerendered }, next) => {
  // The dev server is the only caller that neither passes a reader nor prerenders. Its scripts would violate any
  // policy, so its pages get none and are not pruned. (`import.meta.env.DEV` cannot be used: an environment variable of
  // that name overrides it in Astro.)
  const developing = locals.library === undefined && !isPrerendered;
  locals.library ??= openedLibrary().reader();
  const response = await next();
  if (developing || !(response.headers.get('content-type') ?? '').startsWith('text/html')) return response;
  const html = withPolicy(pruneCss(await response.text()), { wasm: url.pathname === '/search/' });
  return new Response(html, { status: response.status, headers: response.headers });
});
