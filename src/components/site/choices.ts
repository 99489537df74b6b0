// What a reader may choose of how the pages look (styles/choices.css). Page.astro restores it before anything is seen.

export interface ReadingChoice {
  /** Its attribute at the root element: `data-…`. */
  name: 'size' | 'theme' | 'contrast';
  label: string;
  /** Value → word. The first, `''`, is what holds where nothing is chosen. */
  values: readonly (readonly [value: string, word: string])[];
}

export const readingChoices: readonly ReadingChoice[] = [
  {
    name: 'size',
    label: '字号',
    values: [
      ['small', '小'],
      ['', '中'],
      ['large', '大'],
      ['huge', '特大'],
    ],
  },
  {
    name: 'theme',
    label: '底色',
    values: [
      ['', '随设备'],
      ['light', '浅色'],
      ['dark', '深色'],
    ],
  },
  {
    name: 'contrast',
    label: '对比',
    values: [
      ['', '标准'],
      ['more', '高对比'],
    ],
  },
];

/** Where the browser keeps it: JSON, name → value. */
const KEPT = 'choices';

/** What is chosen now. */
export function chosen({ name }: ReadingChoice): string {
  return document.documentElement.dataset[name] ?? '';
}

/** Chooses, for this page and, where the browser lets us keep anything, for all later ones. */
export function choose({ name }: ReadingChoice, value: string): void {
  const root = document.documentElement;
  if (value === '') root.removeAttribute(`data-${name}`);
  else root.setAttribute(`data-${name}`, value);
  const all = readingChoices.map((choice) => [choice.name, chosen(choice)]).filter(([, kept]) => kept !== '');
  try {
    localStorage.setItem(KEPT, JSON.stringify(Object.fromEntries(all)));
  } catch {
    // Private windows and full disks: it holds for this page.
  }
}
