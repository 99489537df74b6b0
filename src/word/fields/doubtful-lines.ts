// Runs in browser and Node: pure. Lines of a body that may be by-lines or captions which were not recognised.
import { plainText } from '../../text/markdown.ts';
import { startsAsCaption } from './captions.ts';
import { labelledValues } from './labels.ts';
import type { NamedUnit } from './story.ts';
import { withoutUnit } from './units.ts';
import { people, tight } from './words.ts';

/** Greatest length of a doubtful line in characters: longer than most captions, shorter than most paragraphs. */
const MOST = 40;

/** What begins a block of Markdown that is no plain paragraph. */
const OTHER_BLOCK = /^(?:#{1,6} |[-+*] |\d+[.)] |> |\||```|~~~|<|---)/u;

/** A line of a body, as its Markdown and as its text. */
export interface DoubtfulLine {
  markdown: string;
  text: string;
}

function blocksOf(body: string): string[] {
  return body.split(/\n{2,}/u);
}

/**
 * Returns the lines of a body that do not look like text: short ones without the punctuation of a sentence, those that
 * begin as a caption, and those that end with the photographer.
 */
export function doubtfulLines(body: string): DoubtfulLine[] {
  return blocksOf(body).flatMap((markdown) => {
    const text = plainText(markdown).trim();
    const whole = tight(text);
    if (whole === '' || whole.length > MOST || markdown.includes('\n') || OTHER_BLOCK.test(markdown)) return [];
    const isPhotoLine = startsAsCaption(text) || /(?:摄|供图|摄影)[）)]?。?$/u.test(whole);
    return isPhotoLine || !/[。！？；：…，、”』」!?;:,.]$/u.test(whole) ? [{ markdown, text }] : [];
  });
}

/** Returns a body without one of its lines. The body is the same if it does not have the line any more. */
export function withoutLine(body: string, { markdown }: DoubtfulLine): string {
  const blocks = blocksOf(body);
  const at = blocks.indexOf(markdown);
  return at < 0 ? body : blocks.filter((_, index) => index !== at).join('\n\n');
}

const ROLES = /(?:本报|特约)?(?:记者|通讯员)|供稿|供图|报送|投稿|撰稿|摄影报道|摄影|摄|文[、/／]图|图[、/／]文|文图/gu;

/** Returns the people that a line names, as 撰稿 and 摄影 contain them: without labels, brackets and units. */
export function peopleIn(line: string, units: readonly NamedUnit[]): string {
  const [labelled] = labelledValues(line)?.values ?? [];
  const bare = (labelled?.value ?? line).replace(/^[（(](.*)[）)]$/u, '$1').replace(ROLES, ' ');
  const names = people(withoutUnit(people(bare), units));
  return names === '' ? people(line) : names;
}
