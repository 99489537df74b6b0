/** Source, author and dates (YYYY-MM-DD) of an article, for search engines. */
export interface ArticleMetadata {
  /** Name of the unit or office that published the article. */
  source: string;
  author?: string | undefined;
  published?: string | undefined;
  modified?: string | undefined;
}

export interface ArticleData extends ArticleMetadata {
  title: string;
  /** Absolute URL of the article's first photo; undefined if there is none. */
  picture?: string | undefined;
  publisher: string;
}

/**
 * Returns an article's data as JSON for search engines (schema.org, Article). It contains no `<`, so that it is safe in
 * a script element.
 */
export function articleData(article: ArticleData): string {
  const { title, picture, publisher, source, published, modified } = article;
  const data = {
    '@context': 'https://schema.org',
    '@type': 'Article',
    headline: title,
    inLanguage: 'zh-CN',
    image: picture,
    datePublished: published,
    dateModified: modified ?? published,
    // The author is the unit, which is responsible for the article: it is not known whether the named author is a
    // person or a team.
    author: { '@type': 'Organization', name: source },
    publisher: { '@type': 'Organization', name: publisher },
  };
  return JSON.stringify(data).replaceAll('<', String.raw`\u003c`);
}
