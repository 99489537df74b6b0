import en from 'decap-cms-locales/dist/esm/en/index.js';
import zhHans from 'decap-cms-locales/dist/esm/zh_Hans/index.js';
import { translations } from './translations.ts';

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** Returns two trees of phrases merged into one. If both trees have a phrase, the phrase of `upper` is used. */
function merge(lower: object, upper: object): object {
  const merged = new Map(Object.entries<unknown>({ ...lower }));
  for (const [key, phrase] of Object.entries<unknown>({ ...upper })) {
    const below = merged.get(key);
    merged.set(key, isObject(phrase) ? merge(isObject(below) ? below : {}, phrase) : phrase);
  }
  return Object.fromEntries(merged);
}

/**
 * Decap's English phrases. Decap shows an English phrase if there is no Chinese one; otherwise it would show nothing.
 */
export const english: object = en;

/**
 * Decap's Chinese phrases, with our own phrases of translations.ts added or put instead. In the result, each state has
 * only one word: 草稿、待审、已通过、已发布.
 */
export const chinese: object = merge(zhHans, translations);
