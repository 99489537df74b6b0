import { defineMiddleware } from 'astro:middleware';
import { openedLibrary } from './library/opened.ts';
import { withPolicy } from './render/policy.ts';

/** Lends every page the library and gives it its Content Security Policy, whoever renders it. */
export const onRequest = defineMiddleware(async ({ locals, url }, next) => {
  locals.library ??= openedLibrary().reader();
  const response = await next();
  if (import.meta.env.DEV || !(response.headers.get('content-type') ?? '').startsWith('text/html')) return response;
  const html = withPolicy(await response.text(), { wasm: url.pathname === '/search/' });
  return new Response(html, { status: response.status, headers: response.headers });
});
