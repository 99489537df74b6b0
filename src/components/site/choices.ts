// Reading choices: how the pages look (styles/choices.css). head-script.ts restores them before the page is shown.

export interface ReadingChoice {
  /** Its attribute of the root element, without `data-`. */
  name: 'size' | 'theme' | 'contrast';
  label: string;
  /** Values and their labels. `''` is the default. */
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

/** Key in localStorage: JSON, name → value. */
const STORAGE_KEY = 'choices';

/** Returns the current value of a choice. */
export function chosen({ name }: ReadingChoice): string {
  return document.documentElement.dataset[name] ?? '';
}

/** Sets a choice for this page and, if the browser stores it, for all later pages. */
export function choose({ name }: ReadingChoice, value: string): void {
  const root = document.documentElement;
  if (value === '') root.removeAttribute(`data-${name}`);
  else root.setAttribute(`data-${name}`, value);
  const all = readingChoices.map((choice) => [choice.name, chosen(choice)]).filter(([, current]) => current !== '');
  try {
    localStorage.setItem(STORAGE_KEY, JSON.stringify(Object.fromEntries(all)));
  } catch {
    // Private windows, full disks: set for this page only.
  }
}
