import { addressOf } from '../../library/queries/addresses.ts';
import type { OriginalsWatch } from '../originals/originals-watch.ts';
import { damagedLine, type DamagedPhoto, type OriginalsCheck } from './originals-check.ts';

/** How many entries the public health check names. */
const MOST_NAMED = 5;

/** What administrators see about the originals. */
export interface OriginalsNotice {
  /** What is wrong with the place of the originals; undefined: nothing. */
  trouble: string | undefined;
  /** Damaged photos of published entries and drafts. */
  photos: readonly DamagedPhoto[];
  /** The number of damaged originals that only earlier versions, deleted drafts or uploads use. */
  others: number;
}

/** Returns what administrators see about the originals. */
export async function originalsNotice(watch: OriginalsWatch, check: OriginalsCheck): Promise<OriginalsNotice> {
  const { photos, others } = await check.report();
  return { trouble: watch.sentence, photos, others: others.length };
}

/** Returns the name of a photo's entry and its address, for those who may see drafts. */
function placeOf({ name, title }: DamagedPhoto): string {
  return `《${title}》（${addressOf(name.collection, name.key) ?? name.file}）`;
}

/**
 * Returns what is wrong with the originals, in sentences for the public health check: it names published entries only,
 * and counts others.
 */
export async function originalsWrong(watch: OriginalsWatch, check: OriginalsCheck): Promise<string[]> {
  await watch.checked();
  const { trouble, photos, others } = await originalsNotice(watch, check);
  const published = photos.filter((photo) => photo.published);
  const places = [...new Set(published.map(placeOf))];
  const named = `${places.slice(0, MOST_NAMED).join('、')}${places.length > MOST_NAMED ? `等 ${places.length} 篇` : ''}`;
  const rest = photos.length - published.length + others;
  return [
    ...(trouble === undefined ? [] : [trouble]),
    ...(published.length === 0 ? [] : [`${named}有 ${published.length} 张照片的原图不见了或损坏：请从备份恢复。`]),
    ...(rest === 0 ? [] : [`草稿、旧版本或上传里有 ${rest} 张照片的原图不见了或损坏：请从备份恢复。`]),
  ];
}

/** Returns one line for every damaged original: entry, photo, and the file of a backup that brings it back. */
export async function damageLines(check: OriginalsCheck): Promise<string[]> {
  const { photos, others } = await check.report();
  return [
    ...photos.map(
      (photo) => `${placeOf(photo)}${photo.published ? '' : '的草稿'}的照片“${photo.src}”：${damagedLine(photo)}。`,
    ),
    ...others.map((one) => `旧版本、删除的草稿或上传的照片：${damagedLine(one)}。`),
  ];
}
