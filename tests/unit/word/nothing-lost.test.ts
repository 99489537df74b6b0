// No text of a document is lost without a word: it is in a field, in the body, in the words of a photo or in a note.
import { expect, test } from 'vitest';
import { readWord } from '../../../src/word/read-word.ts';
import { Random } from '../../fixtures/random.ts';
import { pictures, SITE } from '../../fixtures/word/word-case.ts';
import { wordFile } from '../../fixtures/word/word-file.ts';
import {
  anchoredPicture,
  body,
  BOLD,
  centred,
  inlinePicture,
  numbered,
  numberingLevel,
  numberingPart,
  paragraph,
  plain,
  right,
  run,
  table,
  textBox,
  textTable,
  title,
} from '../../fixtures/word/word-xml.ts';
import { seedsOf, sized } from '../../run-size.ts';

/** Characters of the marks that texts are found again by. None occurs in the names of units or labels. */
const CHARACTERS = [...'丙丁戊庚辛壬癸鹤鹭鹰雁鸥鸢鹂鹃鹊鸽'];

/** Makes marks: words of three characters that look like names, each different. */
class Marks {
  readonly made: string[] = [];
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  next(): string {
    const mark = Array.from({ length: 3 }, () => this.#random.pick(CHARACTERS)).join('');
    if (this.made.includes(mark)) return this.next();
    this.made.push(mark);
    return mark;
  }
}

/** Blocks of a document that contain marks. */
const BLOCKS: readonly ((mark: () => string, picture: () => string) => string)[] = [
  (mark) => body(`${mark()}把炉子修好了，${mark()}在旁边看。`),
  (mark) => plain(`${mark()}：${mark()}`),
  (mark) => plain(`撰稿：${mark()}\u3000摄影：${mark()}`),
  (mark) => plain(`作者：温县总工会 ${mark()}`),
  (mark) => plain(`${mark()} 摄影：${mark()}`),
  (mark) => plain(`供稿：修武县总工会 ${mark()}`),
  (mark) => plain(`审核：${mark()} 校对：${mark()}`),
  (mark) => plain(`地点：${mark()}`),
  (mark) => plain(`标题：${mark()}`),
  (mark) => plain(`单位：温县总工会${mark()}办公室`),
  (mark) => right(`马村区总工会 ${mark()}`),
  (mark) => centred(`温县总工会 通讯员 ${mark()} 文/图`),
  (mark) => right(`（${mark()} 供稿）`),
  (mark) => centred(`——${mark()}侧记`),
  (mark) => centred(mark()),
  (mark) => title(mark()),
  (mark) => plain(`【摘要】${mark()}。`),
  (mark) => plain(`日期：${mark()}`),
  (mark) => plain(`时间：2021年1月6日${mark()}`),
  (mark) => paragraph(run(mark(), BOLD)),
  (mark) => paragraph(run(mark()) + run(`${mark()}！`, BOLD) + run(mark(), '<w:i/>')),
  (mark) => numbered(`${mark()}。`, 1),
  (mark) => numbered(mark(), 2, 1),
  (mark) => paragraph(run(mark()), { style: '2' }),
  (mark) =>
    textTable([
      [mark(), mark()],
      [mark(), mark()],
    ]),
  (mark) =>
    textTable([
      ['标题', mark()],
      ['撰稿', mark()],
      ['审核', mark()],
      [mark(), mark()],
    ]),
  (_, picture) => paragraph(inlinePicture(picture()), { align: 'center' }),
  (mark, picture) => paragraph(inlinePicture(picture())) + centred(`${mark()}修炉子（${mark()} 摄）`),
  (mark, picture) => centred(`▼${mark()}修炉子`) + paragraph(inlinePicture(picture())),
  (mark, picture) =>
    paragraph(inlinePicture(picture()) + inlinePicture(picture())) + plain(`左图：${mark()}\u3000右图：${mark()}`),
  (mark, picture) => paragraph(inlinePicture(picture()) + inlinePicture(picture())) + plain(`${mark()}\t${mark()}`),
  (mark, picture) => paragraph(inlinePicture(picture()) + run(`${mark()}\n${mark()}`)),
  (mark, picture) => paragraph(anchoredPicture(picture()) + textBox(plain(`图为${mark()}`) + plain(mark()))),
  (mark, picture) =>
    table([
      [paragraph(inlinePicture(picture())), plain(mark())],
      [plain(mark()), plain(mark())],
    ]),
];

test('Every mark of a random document is found again, and every photo', () => {
  for (const seed of seedsOf('nothing lost', 21)) {
    const random = new Random(seed);
    for (let number = 0; number < sized({ usual: 400, long: 10_000 }); number += 1) {
      const marks = new Marks(random);
      let shown = 0;
      const blocks = Array.from({ length: random.between(1, 12) }, () =>
        random.pick(BLOCKS)(
          () => marks.next(),
          () => `rIdP${(shown += 1)}`,
        ),
      );
      const file = wordFile({
        body: blocks.join(''),
        media: pictures(shown),
        numbering: numberingPart(
          [numberingLevel(0, 'chineseCounting', '%1、')],
          [numberingLevel(0, 'bullet', ''), numberingLevel(1, 'bullet', '')],
        ),
      });
      const { photos, ...story } = readWord(file, 'x.docx', SITE);
      const words = photos.map(({ caption, credit }) => `${caption} ${credit}`).join(' ');
      const all = JSON.stringify(story) + words;
      expect({ blocks, lost: marks.made.filter((mark) => !all.includes(mark)) }).toEqual({ blocks, lost: [] });
      expect(photos).toHaveLength(shown);
    }
  }
});
