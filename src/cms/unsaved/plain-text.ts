import { collectionNamed, dataOfCopy, plainData, writtenCopy } from './form-copy.ts';
import { fieldWords } from './comparison.ts';
import type { WatchedForm } from './copy-keeper.ts';

/** Labels of the fields that a reader looks for first. */
const FIRST = ['标题', '姓名或名称', '名称'];

/**
 * Returns the text of a form for pasting elsewhere: the title, the body, then the other fields that are filled in, each
 * with its label.
 */
export function plainText({ place: { collection }, data }: Pick<WatchedForm, 'place' | 'data'>): string {
  const name = collectionNamed(collection);
  if (name === undefined) return '';
  // Through the file, so that the text has what a save would have.
  const written = dataOfCopy(collection, writtenCopy(collection, plainData(data)));
  const fields = fieldWords(name, written).filter(({ words }) => words !== '');
  const title = fields.find(({ label }) => FIRST.includes(label));
  const body = typeof written['body'] === 'string' && written['body'] !== '' ? fields.at(-1) : undefined;
  const others = fields.filter((field) => field !== title && field !== body);
  const facts = others.map(({ label, words }) =>
    words.includes('\n') ? `${label}：\n${words}` : `${label}：${words}`,
  );
  return [title?.words, body?.words, facts.join('\n')].filter((part) => part !== undefined && part !== '').join('\n\n');
}
