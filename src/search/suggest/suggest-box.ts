// Runs in the browser, once a reader has used the search box (components/site/Suggestions.astro).
import { loadStyles } from '../../styles/late-styles.ts';
import { Combobox } from './combobox.ts';
import { readNamesFile } from './name-list.ts';
import href from './suggestions.css?url';
import { Suggestions, type Suggestion } from './suggestions.ts';

let opening: Promise<Suggestions> | undefined;

/** Loads the names when the first character is typed; after a failure the next call tries again. */
function openNames(): Promise<Suggestions> {
  opening ??= fetch('/names.json')
    .then(async (response) => response.json())
    .then((file) => new Suggestions(readNamesFile(file)));
  opening.catch(() => (opening = undefined));
  return opening;
}

/** Submits a form with the suggestion only: the typed text served to find it. */
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
      // The form is reset to this value; the search page sets it to the searched text.
      input.defaultValue = '';
      if (input.form) send(input.form, suggestion);
    },
  });
}
