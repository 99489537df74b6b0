// Reading choices of the reader: type size, light or dark, contrast (styles/choices.css). head-script.ts restores them
// before the page is shown.

export interface ReadingChoice {
  /** Name of the choice: the `data-` attribute of the root element that contains its value. */
  name: 'size' | 'theme' | 'contrast';
  label: string;
  /** The values and their labels; `''` is the default. */
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

/** Key of localStorage. Its value is a JSON object from the names of choices to values other than the default. */
const STORAGE_KEY = 'choices';

/** Returns the current value of a choice; `''` for the default. */
export function chosen({ name }: ReadingChoice): string {
  return document.documentElement.dataset[name] ?? '';
}

/** Sets a choice for this page. Also stores it for all later pages if the browser allows it. */
export function choose({ name }: ReadingChoice, value: string): void {
  const root = document.documentElement;
  if (value === '') root.removeAttribute(`data-${name}`);
  else root.setAttribute(`data-${name}`, value);
  const all = readingChoices.map((choice) => [choice.name, chosen(choice)]).filter(([, current]) => current !== '');
  try {
    localStorage.setItem(STORAGE_KEY, JSON.stringify(Object.fromEntries(all)));
  } catch {
    // The browser stores nothing (private window, full disk): the choice applies to this page only.
  }
}
