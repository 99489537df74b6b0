/** A link that this editor adds to Decap's header, because Decap has no setting for additional links. */
interface HeaderLink {
  id: string;
  address: string;
  text: string;
  /** Whether the link comes before (`first`) or after (`last`) Decap's links. */
  side: 'first' | 'last';
}

const LINKS: readonly HeaderLink[] = [
  { id: 'to-desk', address: '/desk/', text: '工作台', side: 'first' },
  { id: 'to-help', address: '/desk/help/', text: '帮助', side: 'last' },
];

function elementOf({ id, address, text }: HeaderLink): HTMLElement {
  const item = document.createElement('li');
  item.id = id;
  const anchor = document.createElement('a');
  anchor.href = address;
  anchor.textContent = text;
  item.append(anchor);
  return item;
}

/**
 * Adds the links to the desk's start page and to the handbooks to Decap's header. Adds them again whenever Decap has
 * rendered the header again.
 */
export function keepDeskLinks(): void {
  const place = (): void => {
    const list = document.querySelector('#nc-root header nav ul');
    if (!list) return;
    for (const link of LINKS) {
      if (document.getElementById(link.id)) continue;
      if (link.side === 'first') list.prepend(elementOf(link));
      else list.append(elementOf(link));
    }
  };
  new MutationObserver(place).observe(document.body, { childList: true, subtree: true });
  place();
}
