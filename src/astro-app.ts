import { createApp } from 'astro/app/entrypoint';

/** What Astro compiles: the pages, as a function from a request (with a library reader in its locals) to HTML. */
export const app = createApp({ streaming: false });
