import { h, type ReactNode } from './page-shell.ts';

/** A field of a form: its name, label and hint, and the attributes of its input. */
export interface Field {
  name: string;
  label: string;
  hint?: string;
  input?: Record<string, unknown>;
}

export function field({ name, label, hint, input = {} }: Field): ReactNode {
  const note = hint === undefined ? undefined : `${name}-hint`;
  return h(
    'p',
    { className: 'field', key: name },
    h('label', { htmlFor: name }, label),
    h('input', { id: name, name, type: 'text', required: true, 'aria-describedby': note, ...input }),
    hint === undefined ? null : h('small', { id: note }, hint),
  );
}

/** A select element; `none`: the label of the empty choice, if there is one. */
export function choice(
  { name, label, hint }: Omit<Field, 'input'>,
  options: readonly (readonly [value: string, text: string])[],
  chosen: string,
  none?: string,
): ReactNode {
  const note = hint === undefined ? undefined : `${name}-hint`;
  return h(
    'p',
    { className: 'field', key: name },
    h('label', { htmlFor: name }, label),
    h(
      'select',
      { id: name, name, defaultValue: chosen, 'aria-describedby': note },
      none === undefined ? null : h('option', { value: '' }, none),
      options.map(([value, text]) => h('option', { key: value, value }, text)),
    ),
    hint === undefined ? null : h('small', { id: note }, hint),
  );
}

/** A form of one button; `values`: its hidden fields; `ask`: the question before it is sent. */
export function actionButton(
  action: string,
  text: string,
  values: Readonly<Record<string, string>>,
  className?: string,
  ask?: string,
): ReactNode {
  return h(
    'form',
    { method: 'post', action, className: 'action' },
    Object.entries(values).map(([name, value]) => h('input', { key: name, type: 'hidden', name, value })),
    h('button', { type: 'submit', className, 'data-ask': ask }, text),
  );
}
