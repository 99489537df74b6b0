import mdx from '@astrojs/mdx';
import { defineConfig } from 'astro/config';
import { Features } from 'lightningcss';
import { READERS_BROWSERS, READERS_EDITION } from './src/render/compile/promised-browsers.ts';

/**
 * Has scripts written for the browsers of readers. Of what is said under `environments.client`, Astro passes no target
 * on; a target for everything would slow what runs in Node.
 * @type {import('vite').Plugin}
 */
const scriptsForReaders = {
  name: 'scripts-for-readers',
  configEnvironment(name) {
    if (name !== 'client') return undefined;
    // Fields of classes, which the oldest do not know, become assignments: helpers are bytes.
    const transform = { assumptions: { setPublicClassFields: true } };
    return { build: { target: `es${READERS_EDITION}`, rolldownOptions: { transform } } };
  },
};

// The pages of the site. How they are built is told by the commands: compiled once for the host (render/compile.ts)
// or written out by a static build (render/static-build.ts).
export default defineConfig({
  trailingSlash: 'always',
  integrations: [mdx()],
  build: { inlineStylesheets: 'always', format: 'directory' },
  devToolbar: { enabled: false },
  // Not `where`, which the oldest promised browsers do not know: they must lay the pages out as others do.
  scopedStyleStrategy: 'class',
  vite: {
    build: { cssTarget: READERS_BROWSERS },
    plugins: [scriptsForReaders],
    // No page uses light-dark(): without this, `color-scheme` brings its stand-ins along.
    // Short names: every page says five of them.
    environments: {
      client: {
        build: {
          rolldownOptions: {
            output: { entryFileNames: '_astro/[hash:6].js', chunkFileNames: '_astro/[hash:6].js' },
          },
        },
      },
    },
    css: { lightningcss: { exclude: Features.LightDark } },
  },
});
