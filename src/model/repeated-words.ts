// Runs in browser and Node: pure.
import { z } from 'zod';
import type { Fault } from './fault.ts';
import { photo as photoModel } from './fields/photo.ts';
import { formOf } from './fields/field.ts';

const words = z.string().catch('');
const described = z.object({
  photos: z.array(
    z
      .object({ alt: words, caption: words, withdrawn: z.looseObject({}).optional().catch(undefined) })
      .catch({ alt: '', caption: '' }),
  ),
});

/** The fields of a photo whose words should differ from those of the other photos, with what to do if they do not. */
const COMPARED = [
  { name: 'alt', remedy: '两张照片里的东西总有不同：请改写其中一张，让看不见照片的人也分得开。' },
  { name: 'caption', remedy: '请改写其中一张，各说各的时间、地点、在做什么。' },
] as const;

/**
 * Returns words in the form in which they are compared: without blanks and characters that have no width, and with
 * compatibility characters such as full-width letters replaced by the usual ones (NFKC, Unicode Standard Annex 15).
 */
function compared(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[\s\p{Cf}]/gu, '')
    .toLowerCase();
}

/**
 * Returns a remark for each photo with the same alternative text, or the same caption, as an earlier photo of the entry:
 * most often the words were copied and not changed. Withdrawn photos are not compared.
 * @param data the front matter of the entry, valid or not.
 */
export function remarkRepeatedWords(file: string, data: unknown): Fault[] {
  const parsed = described.safeParse(data);
  if (!parsed.success) return [];
  const { photos } = parsed.data;
  return COMPARED.flatMap(({ name, remedy }) => {
    const { label } = formOf(photoModel.shape[name]);
    const texts = photos.map((photo) => (photo.withdrawn ? '' : compared(photo[name])));
    return texts.flatMap((text, index) => {
      const earlier = texts.indexOf(text);
      if (text === '' || earlier === index) return [];
      const what = `${label}与第 ${earlier + 1} 张照片的一样`;
      return [{ file, field: `photos.${index}.${name}`, label: `第 ${index + 1} 张照片·${label}`, what, remedy }];
    });
  });
}
