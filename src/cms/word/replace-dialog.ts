/** Returns an element with text and children. */
function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  properties: Partial<HTMLElementTagNameMap[Name]> = {},
  ...children: readonly Node[]
): HTMLElementTagNameMap[Name] {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

/**
 * Asks whether a document may replace what is in the form. Resolves to false if the dialog is closed without consent.
 * @param file name of the document.
 * @param replaced names of the fields that are replaced, in Chinese.
 */
export async function mayReplace(file: string, replaced: readonly string[]): Promise<boolean> {
  const heading = element('h2', { id: 'replace-title', textContent: '换成 Word 里的内容吗？' });
  const words = `表里已经写了${replaced.join('、')}。读入“${file}”，这几栏会换成 Word 里的；换掉的可以取回一次。`;
  const cancel = element('button', { type: 'button', textContent: '不换了' });
  const form = element(
    'form',
    { method: 'dialog' },
    heading,
    element('p', { textContent: words }),
    element(
      'p',
      { className: 'actions' },
      element('button', { type: 'submit', textContent: '换成 Word 里的' }),
      cancel,
    ),
  );
  const dialog = element('dialog', { className: 'reason' }, form);
  dialog.setAttribute('aria-labelledby', heading.id);
  return new Promise((resolve) => {
    form.addEventListener('submit', () => resolve(true));
    cancel.addEventListener('click', () => dialog.close());
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(false);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
