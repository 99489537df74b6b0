import type { AstroComponentFactory } from 'astro/runtime/server/index.js';

interface OwnPage {
  default: AstroComponentFactory;
  frontmatter: { title: string; description: string };
}

const files = import.meta.glob<OwnPage>('../../content/pages/*.mdx', { eager: true });

/** Pages written in MDX, by the name in their address. Like code, they are compiled with the site. */
export const ownPages = new Map(
  Object.entries(files).map(([file, page]) => [file.replace(/^.*\/|\.mdx$/gu, ''), page] as const),
);
