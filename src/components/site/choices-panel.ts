// Runs in the browser, loaded on demand: the panel that the button of ReadingChoices.astro opens.
import { loadStyles } from '../../styles/late-styles.ts';
import { readingChoices, choose, chosen, type ReadingChoice } from './choices.ts';
import styles from '../../styles/choices.css?url';
import href from './choices-panel.css?url';
import { queryElement } from '../layout/query-element.ts';

/** Returns a label with the radio button of one value of a choice. */
function option(choice: ReadingChoice, [value, word]: readonly [string, string]): HTMLLabelElement {
  const label = document.createElement('label');
  const input = document.createElement('input');
  Object.assign(input, { type: 'radio', name: choice.name, value, checked: chosen(choice) === value });
  input.addEventListener('change', () => choose(choice, value));
  const text = document.createElement('span');
  text.textContent = word;
  label.append(input, text);
  return label;
}

/** Returns a fieldset with the radio buttons of a choice. */
function group(choice: ReadingChoice): HTMLFieldSetElement {
  const fieldset = document.createElement('fieldset');
  const legend = document.createElement('legend');
  legend.textContent = choice.label;
  fieldset.append(legend, ...choice.values.map((value) => option(choice, value)));
  return fieldset;
}

const button = queryElement(document, '[data-choices]', HTMLButtonElement);
const panel = document.createElement('form');
panel.className = 'choices unprinted';
panel.setAttribute('aria-label', '阅读设置');
panel.append(...readingChoices.map(group));

const styled = Promise.all([loadStyles(href), loadStyles(styles)]).then(() => button.after(panel));

function show(shown: boolean): void {
  button.setAttribute('aria-expanded', String(shown));
  panel.hidden = !shown;
}
const isShown = (): boolean => button.getAttribute('aria-expanded') === 'true';

button.addEventListener('click', () => {
  void styled.then(() => {
    show(!isShown());
    if (isShown()) queryElement(panel, ':checked', HTMLInputElement).focus();
  });
});
document.addEventListener('keydown', ({ key }) => {
  if (key !== 'Escape' || !isShown()) return;
  show(false);
  button.focus();
});
document.addEventListener('click', ({ target }) => {
  if (target instanceof Node && !panel.contains(target) && !button.contains(target)) show(false);
});
panel.addEventListener('focusout', ({ relatedTarget }) => {
  if (relatedTarget instanceof Node && !panel.contains(relatedTarget) && relatedTarget !== button) show(false);
});
