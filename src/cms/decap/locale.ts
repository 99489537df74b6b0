import en from 'decap-cms-locales/dist/esm/en/index.js';
import zhHans from 'decap-cms-locales/dist/esm/zh_Hans/index.js';
import { translations } from './translations.ts';

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** One tree of phrases laid over another. */
function over(under: object, upper: object): object {
  const merged = new Map(Object.entries<unknown>({ ...under }));
  for (const [key, phrase] of Object.entries<unknown>({ ...upper })) {
    const below = merged.get(key);
    merged.set(key, isObject(phrase) ? over(isObject(below) ? below : {}, phrase) : phrase);
  }
  return Object.fromEntries(merged);
}

/** Decap falls back on English for what a language lacks, and on nothing where English is not there. */
export const english: object = en;

/** Decap's Chinese, completed, with one word for each state: 草稿、待审、就绪、已发布. */
export const chinese: object = over(zhHans, translations);
