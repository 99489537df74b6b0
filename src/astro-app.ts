import { createApp } from 'astro/app/entrypoint';

/**
 * The Astro application with all compiled pages: renders a request to a response. The caller puts a `LibraryReader`
 * into the request's locals.
 */
export const app = createApp({ streaming: false });
