import mdx from '@astrojs/mdx';
import { defineConfig } from 'astro/config';
import { Features } from 'lightningcss';
import { READERS_BROWSERS, READERS_EDITION } from './src/render/compile/promised-browsers.ts';

/**
 * Compiles page scripts for the readers' browsers. Astro ignores a target set under `environments.client`, and a target
 * for all environments would slow down the code that runs in Node.
 * @type {import('vite').Plugin}
 */
const scriptsForReaders = {
  name: 'scripts-for-readers',
  configEnvironment(name) {
    if (name !== 'client') return undefined;
    // The oldest of these browsers lack class fields; plain assignments take fewer bytes than helper functions.
    const transform = { assumptions: { setPublicClassFields: true } };
    return { build: { target: `es${READERS_EDITION}`, rolldownOptions: { transform } } };
  },
};

// The site's pages. The commands choose how to build them: compiled once for the server (render/compile/compile.ts) or
// written out by a static build (render/publish/static-build.ts).
export default defineConfig({
  trailingSlash: 'always',
  integrations: [mdx()],
  build: { inlineStylesheets: 'always', format: 'directory' },
  devToolbar: { enabled: false },
  // Not `where`: the oldest promised browsers lack `:where()` and must lay out pages as all others do.
  scopedStyleStrategy: 'class',
  vite: {
    build: { cssTarget: READERS_BROWSERS },
    plugins: [scriptsForReaders],
    // Short names: every page contains five of them.
    environments: {
      client: {
        build: {
          rolldownOptions: {
            output: { entryFileNames: '_astro/[hash:6].js', chunkFileNames: '_astro/[hash:6].js' },
          },
        },
      },
    },
    // Without this, every `color-scheme` adds the fallback of light-dark(), which no page uses.
    css: { lightningcss: { exclude: Features.LightDark } },
  },
});
