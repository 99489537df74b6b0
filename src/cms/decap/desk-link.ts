/** The link to the desk's start page, in Decap's header: Decap has no place for links of one's own. */
function link(): HTMLElement {
  const item = document.createElement('li');
  item.id = 'to-desk';
  const anchor = document.createElement('a');
  anchor.href = '/desk/';
  anchor.textContent = '工作台';
  item.append(anchor);
  return item;
}

/** Keeps the way back to the start page in the header, whenever Decap draws it anew. */
export function keepDeskLink(): void {
  const place = (): void => {
    const list = document.querySelector('#nc-root header nav ul');
    if (list && !document.getElementById('to-desk')) list.prepend(link());
  };
  new MutationObserver(place).observe(document.body, { childList: true, subtree: true });
  place();
}
