import mdx from '@astrojs/mdx';
import { defineConfig } from 'astro/config';

// The pages of the site. How they are built is told by the commands: compiled once for the host (render/compile.ts)
// or written out by a static build (render/static-build.ts).
export default defineConfig({
  trailingSlash: 'always',
  integrations: [mdx()],
  build: { inlineStylesheets: 'always', format: 'directory' },
  devToolbar: { enabled: false },
  scopedStyleStrategy: 'where',
});
