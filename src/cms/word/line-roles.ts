import { isList, isMap, List } from 'immutable';
import { captionIn } from '../../word/fields/captions.ts';
import { peopleIn, withoutLine, type DoubtfulLine } from '../../word/fields/doubtful-lines.ts';
import type { NamedUnit } from '../../word/fields/story.ts';
import { textIn, type DecapMap } from '../widgets/widget.ts';

/** What a line of the body can be made, with the words of its button. */
export const LINE_ROLES = { author: '撰稿', credit: '摄影', caption: '图片说明', none: '删去' } as const;
export type LineRole = keyof typeof LINE_ROLES;

/** The result of giving a line a role: new values by key, empty if nothing changes, and a sentence in Chinese. */
export interface GivenRole {
  values: ReadonlyMap<string, unknown>;
  news: string;
}

function photosIn(data: DecapMap): DecapMap[] {
  const photos = data.get('photos');
  return isList(photos) ? photos.toArray().filter((photo): photo is DecapMap => isMap(photo)) : [];
}

function unchanged(news: string): GivenRole {
  return { values: new Map(), news };
}

/**
 * Returns what becomes of a form if one of the lines of its body gets a role. The line leaves the body; nothing changes
 * if there is no field for it.
 * @param isGuessed whether 撰稿 is a guess that nobody has checked: then the line replaces it.
 */
export function giveRole(
  role: LineRole,
  line: DoubtfulLine,
  data: DecapMap,
  { units, isGuessed }: { units: readonly NamedUnit[]; isGuessed: boolean },
): GivenRole {
  const rest: [string, unknown] = ['body', withoutLine(textIn(data, 'body'), line)];
  const photos = photosIn(data);
  switch (role) {
    case 'none':
      return { values: new Map([rest]), news: `“${line.text}”已从正文删去。` };
    case 'author': {
      const names = peopleIn(line.text, units);
      const before = isGuessed ? '' : textIn(data, 'author');
      const author = before === '' || before === names ? names : `${before} ${names}`;
      return { values: new Map([rest, ['author', author]]), news: `已写进撰稿：${author}。` };
    }
    case 'credit': {
      const credit = peopleIn(line.text, units);
      if (!photos.some((photo) => textIn(photo, 'credit') === '')) {
        return unchanged(photos.length === 0 ? '还没有照片：加了照片再写摄影。' : '每张照片都写了摄影，没有改。');
      }
      const filled = photos.map((photo) => (textIn(photo, 'credit') === '' ? photo.set('credit', credit) : photo));
      return { values: new Map([rest, ['photos', List(filled)]]), news: `已写进摄影：${credit}。` };
    }
    case 'caption': {
      const at = photos.findIndex((photo) => textIn(photo, 'caption') === '');
      if (at < 0) {
        return unchanged(
          photos.length === 0 ? '还没有照片：加了照片再写图片说明。' : '每张照片都有图片说明了，没有改。',
        );
      }
      const { caption, credit } = captionIn(line.text);
      const filled = photos.map((photo, index) => {
        if (index !== at) return photo;
        const told = photo.set('caption', caption);
        return credit !== '' && textIn(photo, 'credit') === '' ? told.set('credit', credit) : told;
      });
      return {
        values: new Map([rest, ['photos', List(filled)]]),
        news: `已写成照片 ${at + 1} 的图片说明：${caption}。`,
      };
    }
  }
}
