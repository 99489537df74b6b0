// Runs in browser and Node: pure. How a comment on a draft says which values are to be checked.
import { FIELD_LABELS, fieldNames, type FieldName, type Found } from './story.ts';

/** A value that is to be checked: a field, or the captions and photographers of all photos (`photos`). */
export type GuessName = FieldName | 'photos';

/** Names of what is to be checked, in Chinese. */
export const GUESS_LABELS: Readonly<Record<GuessName, string>> = { ...FIELD_LABELS, photos: '图片说明和摄影' };
const guessNames: readonly GuessName[] = [...fieldNames, 'photos'];

/** A value that is to be checked, and where it comes from, in Chinese; `from` is empty for the words of photos. */
export interface Guess {
  name: GuessName;
  from: string;
}

/** Returns what is to be checked: fields that were guessed, and the words of photos, which always are. */
export function guessesIn(fields: Partial<Record<FieldName, Found>>, hasPhotos: boolean): Guess[] {
  const guessed = fieldNames.flatMap((name): Guess[] => {
    const field = fields[name];
    return field && !field.sure ? [{ name, from: field.from }] : [];
  });
  return hasPhotos ? [...guessed, { name: 'photos', from: '' }] : guessed;
}

const START = '请核对：';
const LINE = new RegExp(`^${START}.*$`, 'mu');

/** Returns the line of a comment that names what is to be checked; '' if there is nothing. */
export function guessLine(guesses: readonly Guess[]): string {
  const words = guesses.map(({ name, from }) => `${GUESS_LABELS[name]}${from === '' ? '' : `（按${from}）`}`);
  return words.length === 0 ? '' : `${START}${words.join('、')}。`;
}

/** Returns the guesses that a comment names; empty if it has no such line. */
export function guessesOfComment(text: string): Guess[] {
  const [line = ''] = LINE.exec(text) ?? [];
  return guessNames.flatMap((name): Guess[] => {
    const found = new RegExp(`[：、]${GUESS_LABELS[name]}(?:（按([^）]*)）)?[、。]`, 'u').exec(line);
    return found ? [{ name, from: found[1] ?? '' }] : [];
  });
}

/** Returns a comment with other guesses in its line. */
export function withGuesses(text: string, guesses: readonly Guess[]): string {
  return text.replace(LINE, () => guessLine(guesses)).trim();
}

/** Returns the first line of the comment on a draft that was made of a document. */
export function introduction(file: string): string {
  return `由 Word 文件“${file}”导入。`;
}
