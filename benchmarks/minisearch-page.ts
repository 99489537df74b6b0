// Runs in the browser: searches with MiniSearch, whose index is one file.
import MiniSearch from 'minisearch';
import { optionsFor, type Fields } from './minisearch-options.ts';

let opening: Promise<MiniSearch<Fields>> | undefined;

async function open(): Promise<MiniSearch<Fields>> {
  const response = await fetch('/index.json');
  return MiniSearch.loadJSON(await response.text(), optionsFor('words' in document.documentElement.dataset));
}

/**
 * Resolves to the paths of the first `count` results.
 * @throws Error if the index cannot be loaded.
 */
async function find(text: string, count: number): Promise<string[]> {
  opening ??= open();
  const results = (await opening).search(text);
  return results.slice(0, count).map(({ id }) => String(id));
}

Object.assign(window, { find });
