import { xmlText } from '../../../text/xml.ts';

/** HTML that is not escaped again. `html` creates it; the constructor may only get markup that is known to be safe. */
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
 * Makes HTML from a template and escapes its values. A value may be in text, or be all or part of an attribute's value
 * in double quotes; the result of `attributes()` may be in a tag. The linter refuses all other places. White space at
 * both ends is dropped, and a line end with the white space around it becomes one space. So an element in which every
 * space counts (`.kept-space`, `pre`) has to be on one line.
 */
export function html(template: TemplateStringsArray, ...values: readonly Content[]): Html {
  const raw = template.map((text) => text.replace(/\s*\n\s*/gu, ' '));
  return new Html(String.raw({ raw }, ...values.map(markupOf)).trim());
}

/**
 * Makes attributes from values by name. An attribute that is undefined or false is left out; true makes one without a
 * value.
 */
export function attributes(all: Readonly<Record<string, string | number | boolean | undefined>>): Html {
  const written = Object.entries(all).flatMap(([name, value]) => {
    if (value === undefined || value === false) return [];
    return value === true ? name : `${name}="${xmlText(String(value))}"`;
  });
  return new Html(written.join(' '));
}
