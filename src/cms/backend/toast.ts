/** Something said to the editor that stays until it is read. */
export interface Toast {
  kind: 'done' | 'error';
  text: string;
  link?: { address: string; text: string };
}

/** Where notices are read: an error interrupts, news does not. */
function place(): HTMLElement {
  const existing = document.getElementById('notices');
  if (existing) return existing;
  const made = document.createElement('div');
  made.id = 'notices';
  document.body.append(made);
  return made;
}

/** Takes back what was said. */
export function hideToast(text: string): void {
  for (const notice of [...place().children]) if (notice.firstElementChild?.textContent === text) notice.remove();
}

/** Says something; the same sentence is not said twice at once. */
export function showToast({ kind, text, link }: Toast): void {
  const all = place();
  hideToast(text);
  const notice = document.createElement('div');
  notice.className = `notice notice-${kind}`;
  notice.setAttribute('role', kind === 'error' ? 'alert' : 'status');
  notice.dataset['testid'] = `notice-${kind}`;
  const sentence = document.createElement('span');
  sentence.textContent = text;
  notice.append(sentence);
  if (link) {
    const anchor = document.createElement('a');
    anchor.href = link.address;
    anchor.target = '_blank';
    anchor.textContent = link.text;
    notice.append(anchor);
  }
  const close = document.createElement('button');
  close.type = 'button';
  close.textContent = '知道了';
  close.addEventListener('click', () => notice.remove());
  notice.append(close);
  all.append(notice);
}
