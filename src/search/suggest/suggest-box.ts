// Runs in the browser, once a reader has focused the search box (components/site/Suggestions.astro).
import { loadStyles } from '../../styles/late-styles.ts';
import { Combobox } from './combobox.ts';
import { readNamesFile } from './name-list.ts';
import href from './suggestions.css?url';
import { Suggestions, type Suggestion } from './suggestions.ts';

let opening: Promise<Suggestions> | undefined;

/** Loads the names at the first call and resolves to their suggestions. After a failure the next call tries again. */
function openNames(): Promise<Suggestions> {
  opening ??= fetch('/names.json')
    .then(async (response) => response.json())
    .then((file) => new Suggestions(readNamesFile(file)));
  opening.catch(() => (opening = undefined));
  return opening;
}

/**
 * Searches for a suggestion: clears the form, including the typed text, sets the field of the suggestion's kind and
 * submits. If the form has no such field, loads the page of the search instead.
 */
function send(form: HTMLFormElement, { kind, value }: Suggestion): void {
  const name = kind === 'honour' ? 'q' : kind;
  const field = form.elements.namedItem(name);
  form.reset();
  if (field instanceof HTMLInputElement || field instanceof HTMLSelectElement) {
    field.value = value;
    const button = form.querySelector('button');
    if (button) button.click();
  } else {
    location.href = `${form.action}?${new URLSearchParams({ [name]: value })}`;
  }
}

const input = document.querySelector('[role=search] [name=q]');
if (input instanceof HTMLInputElement) {
  const styled = loadStyles(href);
  new Combobox(input, {
    suggest: async (text) => {
      const [names] = await Promise.all([openNames(), styled]);
      return names.suggest(text);
    },
    choose(suggestion) {
      // `form.reset()` sets the box to this value. On the search page it would otherwise be the text of the search.
      input.defaultValue = '';
      if (input.form) send(input.form, suggestion);
    },
  });
}
