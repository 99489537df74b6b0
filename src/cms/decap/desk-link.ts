/** A link of ours in Decap's header. */
interface OwnLink {
  id: string;
  address: string;
  text: string;
  /** Where it stands among Decap's own. */
  side: 'first' | 'last';
}

const LINKS: readonly OwnLink[] = [
  { id: 'to-desk', address: '/desk/', text: '工作台', side: 'first' },
  { id: 'to-help', address: '/desk/help/', text: '帮助', side: 'last' },
];

function elementOf({ id, address, text }: OwnLink): HTMLElement {
  const item = document.createElement('li');
  item.id = id;
  const anchor = document.createElement('a');
  anchor.href = address;
  anchor.textContent = text;
  item.append(anchor);
  return item;
}

/**
 * Keeps the links to the desk's start page and handbooks in Decap's header, whenever it is drawn again. Decap has no
 * place for links of one's own.
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
