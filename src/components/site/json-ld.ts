/** Source, author and dates (YYYY-MM-DD) of an article. */
export interface ArticleMetadata {
  /** The unit or office that published it. */
  source: string;
  author?: string | undefined;
  published?: string | undefined;
  modified?: string | undefined;
}

export interface ArticleData extends ArticleMetadata {
  title: string;
  /** Absolute address of its page. */
  address: string;
  /** Absolute address of its picture. */
  picture?: string | undefined;
  publisher: string;
}

/** Returns an article's data for search engines (schema.org, Article), as JSON that is safe in a script element. */
export function articleData(article: ArticleData): string {
  const { title, address, picture, publisher, source, published, modified } = article;
  const data = {
    '@context': 'https://schema.org',
    '@type': 'Article',
    headline: title,
    inLanguage: 'zh-CN',
    mainEntityOfPage: address,
    image: picture,
    datePublished: published,
    dateModified: modified ?? published,
    // The unit, which is responsible for it: whether the named author is a person or a team is not known.
    author: { '@type': 'Organization', name: source },
    publisher: { '@type': 'Organization', name: publisher },
  };
  return JSON.stringify(data).replaceAll('<', String.raw`\u003c`);
}
