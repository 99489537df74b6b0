import type { AstroComponentFactory } from 'astro/runtime/server/index.js';

interface OwnPage {
  default: AstroComponentFactory;
  frontmatter: { title: string; description: string };
}

const files = import.meta.glob<OwnPage>('../../content/pages/*.mdx', { eager: true });

/** The pages written in MDX (content/pages), by their name in the path. They are compiled with the site, like code. */
export const ownPages = new Map(
  Object.entries(files).map(([file, page]) => [file.replace(/^.*\/|\.mdx$/gu, ''), page] as const),
);
