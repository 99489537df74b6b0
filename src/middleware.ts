import { defineMiddleware } from 'astro:middleware';
import { openedLibrary } from './library/static-build-library.ts';
import { withPolicy } from './render/html/content-security-policy.ts';
import { pruneCss } from './render/html/prune-css.ts';

/** Lends every page the library, slims it and gives it its Content Security Policy, whoever renders it for readers. */
export const onRequest = defineMiddleware(async ({ locals, url, isPrerendered }, next) => {
  // Only the dev server, whose own scripts no policy would let in, neither hands over a library nor prerenders.
  // (import.meta.env.DEV cannot tell: Astro lets any variable of the environment by that name override it.)
  const developing = locals.library === undefined && !isPrerendered;
  locals.library ??= openedLibrary().reader();
  const response = await next();
  if (developing || !(response.headers.get('content-type') ?? '').startsWith('text/html')) return response;
  const html = withPolicy(pruneCss(await response.text()), { wasm: url.pathname === '/search/' });
  return new Response(html, { status: response.status, headers: response.headers });
});
