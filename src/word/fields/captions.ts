// Runs in browser and Node: pure.
import type { Line } from './lines.ts';
import { people, tight } from './words.ts';

/** A caption and the photographer that it names; empty if it names none. */
export interface CaptionWords {
  caption: string;
  credit: string;
}

const CREDIT =
  /\s*[（(]?\s*(?:摄影\s*[:：]?\s*([\u4e00-\u9fa5·]{2,4})|([\u4e00-\u9fa5·]{2,4}(?:[\s、][\u4e00-\u9fa5·]{2,4})?)\s*[/／]?\s*(?:摄影|摄|供图|图))\s*[）)]?[。.]?$/u;
/** What stands before a caption and is not part of it: arrows, 图1, 照片二：, 图片说明： */
const LEAD =
  /^(?:[▲△↑↓▼►◀▶*]+|[（(]?\s*(?:图片?|照片)\s*[一二三四五六七八九十\d]*\s*[：:、.．]\s*|图\s*(?:[一二三四五六七八九十\d]+|[①-⑳])\s*[：:、.．]?\s*|(?:图片|照片)说明\s*[：:]?)/u;

/** Greatest length of a caption in characters, and of a centred line or of a short one that may be a caption. */
const MOST_CAPTION = 90;
const MOST_CENTRED = 60;
const MOST_SHORT = 40;

/** Returns the caption in a line, without what leads to it, its final punctuation and the photographer. */
export function captionIn(line: string): CaptionWords {
  let caption = line.trim();
  let credit = '';
  const found = CREDIT.exec(caption);
  if (found && found.index > 1) {
    // Of 照片2：收工 孙亮 摄, only the last word is a name: otherwise no caption would be left.
    const names = people(found[1] ?? found[2] ?? '');
    const isCaptionLeft = caption.slice(0, found.index).replace(LEAD, '').trim() !== '';
    credit = isCaptionLeft ? names : names.slice(names.lastIndexOf(' ') + 1);
    caption = caption.slice(0, isCaptionLeft ? found.index : caption.lastIndexOf(credit)).trim();
  }
  caption = caption.replace(LEAD, '').trim();
  // The bracket around a whole caption, of which the first was part of what leads to it.
  if (/^[（(]/u.test(line.trim()) && /[）)]$/u.test(caption) && !/[（(]/u.test(caption)) caption = caption.slice(0, -1);
  if (/^[（(][^（(）)]*[）)]$/u.test(caption)) caption = caption.slice(1, -1);
  return { caption: caption.replace(/[。.，,；;]+$/u, '').trim(), credit };
}

/** Returns whether a line begins as only captions do. */
export function startsAsCaption(text: string): boolean {
  return /^(?:图为|图[一二三四五六七八九十\d①-⑳]|[（(]?图|(?:照片|图片)\s*[一二三四五六七八九十\d:：]|▲|△|▼|↑|↓)/u.test(
    tight(text),
  );
}

/** Returns whether a line beside a photo can be its caption, by its words, style, place and length. */
export function canBeCaption({ text, paragraph, list, table }: Line): boolean {
  const whole = tight(text);
  if (table !== undefined || whole.length < 2 || whole.length > MOST_CAPTION) return false;
  if (startsAsCaption(text) || /(?:摄|供图|摄影)[）)]?。?$/u.test(whole) || /^照片/u.test(whole)) return true;
  if (/caption|题注|图片说明/iu.test(paragraph.style) || paragraph.boxed) return true;
  return (
    list === undefined &&
    paragraph.align === 'center' &&
    whole.length <= MOST_CENTRED &&
    !/[。！？]/u.test(whole.slice(0, -1))
  );
}

/** Returns whether a line can be a caption only because it is short and is neither a sentence nor a numbered heading. */
export function isShortLine({ text, list, table }: Line): boolean {
  const whole = tight(text);
  if (table !== undefined || list !== undefined || whole.length < 4 || whole.length > MOST_SHORT) return false;
  return !/[。！？：:]|^(?:[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）)/u.test(whole);
}
