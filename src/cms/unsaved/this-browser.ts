const KEY = 'union-browser';

/** Returns a random id of 24 hexadecimal digits. Unlike `crypto.randomUUID`, this works without HTTPS. */
export function randomId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Returns the random id of this browser, which is made at the first call; empty if the browser stores nothing. */
export function browserId(): string {
  try {
    const known = localStorage.getItem(KEY);
    if (known !== null) return known;
    const id = randomId();
    localStorage.setItem(KEY, id);
    return id;
  } catch {
    return '';
  }
}

/** Parts of User-Agent headers with their names; the first that matches counts. */
type Names = readonly (readonly [RegExp, string])[];

const SYSTEMS: Names = [
  [/HarmonyOS|OpenHarmony/u, '鸿蒙'],
  [/iPhone/u, 'iPhone'],
  [/iPad/u, 'iPad'],
  [/Android/u, '安卓'],
  [/Windows/u, 'Windows'],
  [/Mac OS X/u, 'Mac'],
  [/Linux/u, 'Linux'],
];
const BROWSERS: Names = [
  [/MicroMessenger/u, '微信'],
  [/Edg(?:e|A|iOS)?\//u, 'Edge'],
  [/QQBrowser/u, 'QQ 浏览器'],
  [/360SE|360EE|QIHU/u, '360 浏览器'],
  [/UCBrowser/u, 'UC 浏览器'],
  [/Firefox|FxiOS/u, '火狐'],
  [/Chrome|CriOS/u, 'Chrome'],
  [/Safari/u, 'Safari'],
];

function nameIn(names: Names, userAgent: string): string {
  return names.find(([pattern]) => pattern.test(userAgent))?.[1] ?? '';
}

/** Returns a browser in words, such as “Windows 上的 Edge”, from its User-Agent header; empty if it is unknown. */
export function browserWords(userAgent: string): string {
  const [system, browser] = [nameIn(SYSTEMS, userAgent), nameIn(BROWSERS, userAgent)];
  if (system === '' || browser === '') return system + browser;
  // A blank stands between Chinese and Latin letters only.
  return `${system} 上的 ${browser}`.replace(/(\p{Script=Han}) (?=\p{Script=Han})/gu, '$1');
}
