import mdx from '@astrojs/mdx';
import { defineConfig } from 'astro/config';
import { Features } from 'lightningcss';
import { READERS_BROWSERS, READERS_EDITION } from './src/render/compile/promised-browsers.ts';

/**
 * Compiles page scripts for the browsers of readers. Astro ignores a target that is set under `environments.client`,
 * and a target for all environments would slow down the code that runs in Node.
 * @type {import('vite').Plugin}
 */
const scriptsForReaders = {
  name: 'scripts-for-readers',
  configEnvironment(name) {
    if (name !== 'client') return undefined;
    // The oldest of these browsers lack class fields. Plain assignments take fewer bytes than helper functions.
    const transform = { assumptions: { setPublicClassFields: true } };
    return { build: { target: `es${READERS_EDITION}`, rolldownOptions: { transform } } };
  },
};

// The configuration of the site's pages. The commands choose how the pages are built: compiled once for the server
// (render/compile/compile.ts), or written by a static build (render/publish/static-build.ts).
export default defineConfig({
  trailingSlash: 'always',
  integrations: [mdx()],
  build: { inlineStylesheets: 'always', format: 'directory' },
  devToolbar: { enabled: false },
  // Not `where`: the oldest supported browsers lack `:where()`, and pages must have the same layout in them.
  scopedStyleStrategy: 'class',
  vite: {
    build: { cssTarget: READERS_BROWSERS },
    plugins: [scriptsForReaders],
    // The names are short because every page contains five of them.
    environments: {
      client: {
        build: {
          rolldownOptions: {
            output: { entryFileNames: '_astro/[hash:6].js', chunkFileNames: '_astro/[hash:6].js' },
          },
        },
      },
    },
    // Without this, every `color-scheme` is compiled with the fallback of light-dark(), which no page uses.
    css: { lightningcss: { exclude: Features.LightDark } },
  },
});
