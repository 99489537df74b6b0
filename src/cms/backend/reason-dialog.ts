/** The texts of a dialog that asks for a reason, all in Chinese. */
export interface ReasonQuestion {
  title: string;
  /** What happens, and who sees the reason. */
  hint: string;
  /** Label of the button that confirms. */
  action: string;
  /** Label of a checkbox; absent if the dialog has none. */
  tick?: string;
  /** The greatest length of the reason in characters. */
  most: number;
}

/** The given reason, trimmed and never empty, and whether the checkbox was ticked. */
export interface GivenReason {
  reason: string;
  ticked: boolean;
}

function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  properties: Partial<HTMLElementTagNameMap[Name]> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

/**
 * Shows a dialog that asks for a reason. Resolves to undefined if the dialog is closed without a reason. The focus then
 * returns to the element that had it before.
 */
export async function askReason({ title, hint, action, tick, most }: ReasonQuestion): Promise<GivenReason | undefined> {
  const heading = element('h2', { id: 'reason-title', textContent: title });
  const note = element('p', { id: 'reason-hint', textContent: hint });
  const reason = element('textarea', { name: 'reason', required: true, maxLength: most, rows: 3 });
  reason.setAttribute('aria-describedby', note.id);
  const box = element('input', { type: 'checkbox' });
  const cancel = element('button', { type: 'button', textContent: '不撤了' });
  const form = element(
    'form',
    { method: 'dialog' },
    heading,
    note,
    element('label', {}, '理由', reason),
    ...(tick === undefined ? [] : [element('label', { className: 'tick' }, box, tick)]),
    element('p', { className: 'actions' }, element('button', { type: 'submit', textContent: action }), cancel),
  );
  const dialog = element('dialog', { className: 'reason' }, form);
  dialog.setAttribute('aria-labelledby', heading.id);
  return new Promise((resolve) => {
    form.addEventListener('submit', (event) => {
      const given = reason.value.trim();
      if (given === '') {
        event.preventDefault();
        reason.value = '';
        reason.reportValidity();
        return;
      }
      resolve({ reason: given, ticked: box.checked });
    });
    cancel.addEventListener('click', () => dialog.close());
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(undefined);
    });
    document.body.append(dialog);
    dialog.showModal();
    reason.focus();
  });
}
