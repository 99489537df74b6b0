import { defineMiddleware } from 'astro:middleware';
import { openedLibrary } from './library/static-build-library.ts';
import { withPolicy } from './render/html/content-security-policy.ts';
import { pruneCss } from './render/html/prune-css.ts';

/**
 * Gives every page a library reader, prunes its CSS and adds its Content Security Policy, in static builds and in the
 * renderer of single pages.
 */
export const onRequest = defineMiddleware(async ({ locals, url, isPrerendered }, next) => {
  // Only the dev server neither passes a reader nor prerenders. Its own scripts would violate any policy, so its pages
  // get none. (import.meta.env.DEV cannot tell: Astro lets an environment variable of that name override it.)
  const developing = locals.library === undefined && !isPrerendered;
  locals.library ??= openedLibrary().reader();
  const response = await next();
  if (developing || !(response.headers.get('content-type') ?? '').startsWith('text/html')) return response;
  const html = withPolicy(pruneCss(await response.text()), { wasm: url.pathname === '/search/' });
  return new Response(html, { status: response.status, headers: response.headers });
});
