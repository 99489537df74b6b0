import mdx from '@astrojs/mdx';
import { defineConfig } from 'astro/config';
import { Features } from 'lightningcss';

// The pages of the site. How they are built is told by the commands: compiled once for the host (render/compile.ts)
// or written out by a static build (render/static-build.ts).
export default defineConfig({
  trailingSlash: 'always',
  integrations: [mdx()],
  build: { inlineStylesheets: 'always', format: 'directory' },
  devToolbar: { enabled: false },
  // Not `where`, and nothing newer than the browsers of the last six years know: they must lay the pages out as others do.
  scopedStyleStrategy: 'class',
  vite: {
    build: { cssTarget: ['chrome87', 'safari14', 'ios14', 'firefox83'] },
    // No page uses light-dark(): without this, `color-scheme` brings its stand-ins along.
    // Short names: every page says five of them.
    environments: {
      client: {
        build: {
          rolldownOptions: { output: { entryFileNames: '_astro/[hash:6].js', chunkFileNames: '_astro/[hash:6].js' } },
        },
      },
    },
    css: { lightningcss: { exclude: Features.LightDark } },
  },
});
