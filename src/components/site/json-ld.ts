/** Of whom and when an article is. Dates are YYYY-MM-DD. */
export interface ArticleMetadata {
  /** The unit or office that it comes from. */
  source: string;
  author?: string | undefined;
  published?: string | undefined;
  modified?: string | undefined;
}

export interface ArticleData extends ArticleMetadata {
  title: string;
  /** Where it is, and its picture, as whole addresses. */
  address: string;
  picture?: string | undefined;
  publisher: string;
}

/** What search engines are told of an article (schema.org, Article), as JSON that may stand in a script element. */
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
    // The unit answers for it; whether its author is a person or a team, nobody has said.
    author: { '@type': 'Organization', name: source },
    publisher: { '@type': 'Organization', name: publisher },
  };
  return JSON.stringify(data).replaceAll('<', String.raw`\u003c`);
}
