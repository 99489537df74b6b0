/** What a search answers about one page. */
export interface FoundPage {
  url: string;
  /** HTML of nothing but text and `<mark>`. */
  excerpt: string;
  meta: Readonly<Record<string, string>>;
}

function element(tag: string, className: string, ...children: (Node | string)[]): HTMLElement {
  const made = document.createElement(tag);
  if (className !== '') made.className = className;
  made.append(...children);
  return made;
}

/** An excerpt as nodes: marks stay marks, everything else becomes text. */
function excerptNodes(html: string): (Node | string)[] {
  const { body } = new DOMParser().parseFromString(html, 'text/html');
  return Array.from(body.childNodes, (node) => {
    const text = node.textContent ?? '';
    return node.nodeName === 'MARK' ? element('mark', '', text) : text;
  });
}

/** One result, with a single link: its title. */
export function resultItem({ url, excerpt, meta }: FoundPage): HTMLLIElement {
  const item = document.createElement('li');
  const link = document.createElement('a');
  link.href = url;
  link.textContent = meta['title'] ?? url;
  const facts = [meta['activity'], meta['unit'], meta['date']].filter((fact) => fact !== undefined).join('　');
  item.append(
    element(
      'div',
      '',
      element('h2', '', link),
      element('p', 'excerpt', ...excerptNodes(excerpt)),
      ...(facts === '' ? [] : [element('p', 'meta', facts)]),
    ),
  );
  if (meta['image'] !== undefined) {
    const photo = document.createElement('img');
    photo.src = meta['image'];
    photo.alt = '';
    photo.width = 150;
    photo.height = 100;
    photo.loading = 'lazy';
    photo.decoding = 'async';
    item.append(photo);
  }
  return item;
}
