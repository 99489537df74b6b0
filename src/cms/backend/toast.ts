/** A message to the editor that is shown until it is dismissed; `link` opens in a new tab. */
export interface Toast {
  kind: 'done' | 'error';
  text: string;
  link?: { address: string; text: string };
}

/** Returns the element that contains the toasts; creates it if it is missing. */
function toastList(): HTMLElement {
  const existing = document.getElementById('notices');
  if (existing) return existing;
  const created = document.createElement('div');
  created.id = 'notices';
  document.body.append(created);
  return created;
}

/** Removes the toast with this text, if there is one. */
export function hideToast(text: string): void {
  for (const toast of [...toastList().children]) if (toast.firstElementChild?.textContent === text) toast.remove();
}

/** Shows a toast; replaces an older one with the same text. Screen readers announce an error at once (role `alert`). */
export function showToast({ kind, text, link }: Toast): void {
  const list = toastList();
  hideToast(text);
  const toast = document.createElement('div');
  toast.className = `notice notice-${kind}`;
  toast.setAttribute('role', kind === 'error' ? 'alert' : 'status');
  toast.dataset['testid'] = `notice-${kind}`;
  const sentence = document.createElement('span');
  sentence.textContent = text;
  toast.append(sentence);
  if (link) {
    const anchor = document.createElement('a');
    anchor.href = link.address;
    anchor.target = '_blank';
    anchor.textContent = link.text;
    toast.append(anchor);
  }
  const close = document.createElement('button');
  close.type = 'button';
  close.textContent = '知道了';
  close.addEventListener('click', () => toast.remove());
  toast.append(close);
  list.append(toast);
}
