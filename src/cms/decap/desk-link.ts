/** Returns the link to the desk's start page for Decap's header. Decap has no setting for additional links. */
function link(): HTMLElement {
  const item = document.createElement('li');
  item.id = 'to-desk';
  const anchor = document.createElement('a');
  anchor.href = '/desk/';
  anchor.textContent = '工作台';
  item.append(anchor);
  return item;
}

/** Adds the link to the start page to the header, and again whenever Decap renders the header again. */
export function keepDeskLink(): void {
  const place = (): void => {
    const list = document.querySelector('#nc-root header nav ul');
    if (list && !document.getElementById('to-desk')) list.prepend(link());
  };
  new MutationObserver(place).observe(document.body, { childList: true, subtree: true });
  place();
}
