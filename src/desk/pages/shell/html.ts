import { xmlText } from '../../../text/xml.ts';

/** HTML that is written as it is. `html` makes it; the constructor takes only markup that is known to be safe. */
export class Html {
  readonly #markup: string;

  constructor(markup: string) {
    this.#markup = markup;
  }

  toString(): string {
    return this.#markup;
  }
}

/** A value in a template. Lists are joined; undefined, null and false render nothing. */
export type Content = Html | string | number | false | null | undefined | readonly Content[];

function markupOf(content: Content): string {
  if (content instanceof Html) return content.toString();
  if (content === undefined || content === null || content === false) return '';
  return typeof content === 'object' ? content.map(markupOf).join('') : xmlText(String(content));
}

/**
 * Makes HTML from a template; its values are escaped. A value stands in text or as a whole or part of an attribute in
 * double quotes, and `attributes()` stands in a tag: the linter refuses other places. Space at the ends is dropped, and a
 * line end inside becomes one space; so an element in which every space counts (`.compared`, `pre`) is on one line.
 */
export function html(template: TemplateStringsArray, ...values: readonly Content[]): Html {
  const raw = template.map((text) => text.replace(/\s*\n\s*/gu, ' '));
  return new Html(String.raw({ raw }, ...values.map(markupOf)).trim());
}

/** Makes attributes, by their names in HTML. undefined and false leave one out; true gives it no value. */
export function attributes(all: Readonly<Record<string, string | number | boolean | undefined>>): Html {
  const written = Object.entries(all).flatMap(([name, value]) => {
    if (value === undefined || value === false) return [];
    return value === true ? name : `${name}="${xmlText(String(value))}"`;
  });
  return new Html(written.join(' '));
}
