// Runs in Node, when names.json is rendered: the dictionary of pinyin is never sent to browsers.
import { pinyin } from 'pinyin-pro';
import { WORD_EDGE, type NameList, type NamesFile } from '../suggest/name-list.ts';

const segmenter = new Intl.Segmenter('zh', { granularity: 'word' });

function inWords(text: string): string {
  return Array.from(segmenter.segment(text), ({ segment }) => segment).join(WORD_EDGE);
}

const AS_TYPED = { toneType: 'none', type: 'array', v: true } as const;

/**
 * Returns the readings of each Han character of some texts, as pinyin syllables without tones. Contains the reading
 * that the character has in its word, and all other readings that it can have (重, 行, 长, 乐).
 */
function readingsIn(texts: Iterable<string>): Map<string, Set<string>> {
  const readings = new Map<string, Set<string>>();
  const note = (character: string, syllable: string): void => {
    const known = readings.get(character) ?? new Set();
    // ü is typed as v, and by some people as u.
    readings.set(character, known.add(syllable).add(syllable.replace('v', 'u')));
  };
  for (const text of texts) {
    const syllables = pinyin(text, AS_TYPED);
    Array.from(text).forEach((character, at) => {
      if (!/\p{Script=Han}/u.test(character)) return;
      for (const syllable of [syllables[at], ...pinyin(character, { ...AS_TYPED, multiple: true })]) {
        if (syllable !== undefined && /^[a-z]+$/u.test(syllable)) note(character, syllable);
      }
    });
  }
  return readings;
}

/** Returns the content of names.json for some names. */
export function namesFile({ activities, units, honours }: NameList): NamesFile {
  const activity = activities.map(({ slug, title }) => [slug, title]);
  const unit = units.map(({ code, name, short, aliases }) => [code, name, short, ...aliases]);
  const texts = [...[...activity, ...unit].flatMap(([, ...names]) => names), ...honours];
  const bySyllable = new Map<string, string>();
  for (const [character, syllables] of readingsIn(texts)) {
    for (const syllable of syllables) bySyllable.set(syllable, (bySyllable.get(syllable) ?? '') + character);
  }
  const coded = ([value = '', ...names]: readonly string[]): string[] => [value, ...names.map(inWords)];
  return {
    activity: activity.map(coded),
    unit: unit.map(coded),
    honour: honours.map(inWords),
    readings: Object.fromEntries([...bySyllable].sort(([one], [other]) => (one < other ? -1 : 1))),
  };
}
