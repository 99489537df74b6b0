import { attributes, html, type Html } from './html.ts';

/** A field of a form: its name, label and hint, and the attributes of its input element. */
export interface Field {
  name: string;
  label: string;
  hint?: string | undefined;
  input?: Parameters<typeof attributes>[0];
}

/**
 * Returns a label, a control and a hint. `controlOf` returns the control; its parameter is the attributes that connect
 * the control to the label and the hint.
 */
function labelled(
  { name, label, hint }: Omit<Field, 'input'>,
  controlOf: (tied: { id: string; name: string; 'aria-describedby': string | undefined }) => Html,
): Html {
  const note = hint === undefined ? undefined : `${name}-hint`;
  return html`
    <p class="field">
      <label for="${name}">${label}</label>
      ${controlOf({ id: name, name, 'aria-describedby': note })}
      ${hint !== undefined && html`<small id="${note}">${hint}</small>`}
    </p>
  `;
}

export function field({ input, ...about }: Field): Html {
  return labelled(about, (tied) => html`<input ${attributes({ type: 'text', required: true, ...tied, ...input })} />`);
}

type Options = readonly (readonly [value: string, text: string])[];

/** Returns the option elements of a select element. `chosen` is the value of the selected option. */
export function optionsOf(options: Options, chosen: string): Html[] {
  return options.map(
    ([value, text]) => html`<option ${attributes({ value, selected: value === chosen })}>${text}</option>`,
  );
}

/** Returns a select element with its label and hint. `chosen` is the value of the selected option. */
export function choice(about: Omit<Field, 'input'>, options: Options, chosen: string): Html {
  return labelled(
    about,
    (tied) =>
      html`<select ${attributes(tied)}>
        ${optionsOf(options, chosen)}
      </select>`,
  );
}

/**
 * Returns a form with one button. `values` are its hidden fields. `ask` is a question that must be confirmed before the
 * form is sent.
 */
export function actionButton(
  action: string,
  text: string,
  values: Readonly<Record<string, string>>,
  className?: string,
  ask?: string,
): Html {
  return html`
    <form method="post" action="${action}" class="action">
      ${Object.entries(values).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)}
      <button ${attributes({ type: 'submit', class: className, 'data-ask': ask })}>${text}</button>
    </form>
  `;
}
