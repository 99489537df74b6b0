// Runs in browser and Node: pure.

/** Greatest length of a URL that is kept. */
const MOST_URL = 2000;

/**
 * Returns the URL of a link as Markdown can contain it; undefined if its scheme is not one of those that the site
 * shows, or it is too long.
 */
export function linkTarget(url: string): string | undefined {
  const trimmed = url.trim();
  if (trimmed.length > MOST_URL || !/^(?:https?:\/\/|mailto:|tel:)[^\s]/iu.test(trimmed)) return undefined;
  return trimmed.replace(
    // eslint-disable-next-line no-control-regex
    /[\u0000-\u0020()<>\\"]/gu,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}
