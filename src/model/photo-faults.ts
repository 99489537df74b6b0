// Runs in browser and Node: pure.
import { z } from 'zod';
import { isWaivable, levelOf, type Finding } from '../photo/rules/finding.ts';
import { judgeSize, type PhotoLimits } from '../photo/rules/size-rule.ts';
import type { Fault, Verdict } from './fault.ts';
import type { Limits } from './rules.ts';

/**
 * The facts about a photo's file: its size in pixels, turned upright; its average colour as `#rrggbb`; a tiny picture
 * as a `data:` URL (`placeholder`); and the findings of the photo rules, except the rule on the size.
 */
export interface PhotoFacts {
  width: number;
  height: number;
  colour: string;
  placeholder: string;
  findings: readonly Finding[];
}

/** A photo that the front matter of an entry names. Its file name is valid; the photo's other fields may be wrong. */
export interface NamedPhoto {
  src: string;
  /** The reason why a reviewer waived an error of the photo, and the name of the reviewer. */
  exemption: { reason: string; by: string } | undefined;
}

const listed = z.object({
  photos: z.array(
    z
      .object({
        src: z.string().regex(/^[^/\\]+$/u),
        exemption: z.object({ reason: z.string(), by: z.string() }).optional().catch(undefined),
      })
      .optional()
      .catch(undefined),
  ),
});

/**
 * Returns the photos that front matter names, in order. A photo without a valid file name is undefined, so that the
 * other photos keep their positions.
 */
export function namedPhotos(data: unknown): (NamedPhoto | undefined)[] {
  const parsed = listed.safeParse(data);
  if (!parsed.success) return [];
  return parsed.data.photos.map((photo) => photo && { src: photo.src, exemption: photo.exemption });
}

/** Returns all findings on a photo, including that it is too small. */
export function photoFindings({ width, height, findings }: PhotoFacts, limits: PhotoLimits): Finding[] {
  // An error that cannot be waived is about the file itself: then the size is not known or does not matter.
  if (levelOf(findings.filter((finding) => !isWaivable(finding))) === 'error') return [...findings];
  const small = judgeSize({ width, height }, limits);
  return small ? [small, ...findings] : [...findings];
}

/**
 * Divides the findings on one photo into faults and remarks. `index` is the position of the photo in the entry, from 0.
 * Warnings become remarks. Errors become faults, with one exception: an error that can be waived becomes a remark if a
 * reviewer has waived it (`exemption`), or if the photo is already published in the same entry (`shown`). So stricter
 * rules apply only to new photos.
 */
export function sortFindings(
  file: string,
  index: number,
  findings: readonly Finding[],
  exemption: NamedPhoto['exemption'],
  shown: boolean,
): Verdict {
  const faults: Fault[] = [];
  const remarks: Fault[] = [];
  for (const finding of findings) {
    const { level, message: what, remedy } = finding;
    const fault = { file, field: `photos.${index}.src`, label: `第 ${index + 1} 张照片`, what, remedy };
    if (level === 'warning') remarks.push(fault);
    else if (!isWaivable(finding)) faults.push(fault);
    else if (exemption) {
      remarks.push({ ...fault, what: `${what}（${exemption.by}已豁免：${exemption.reason}）`, remedy: '不用再处理。' });
    } else if (shown) {
      remarks.push({ ...fault, remedy: '它是按从前的规则发布的，照样显示；方便时请换一张。' });
    } else faults.push({ ...fault, remedy: `${remedy}确实没有更好的，可请审核人写明理由豁免。` });
  }
  return { faults, remarks };
}

/** Why a photo's file cannot be read now, and what to do: parts of a Fault. */
export type UnreadablePhoto = Pick<Fault, 'what' | 'remedy'>;

/**
 * Checks the photo files that an entry names. `factsOf` returns the facts about a file, or undefined if the file is
 * missing. `isShown` returns whether a photo is already published in the same entry.
 */
export function judgePhotoFiles(
  file: string,
  photos: readonly (NamedPhoto | undefined)[],
  factsOf: (src: string) => PhotoFacts | UnreadablePhoto | undefined,
  limits: Limits,
  isShown: (src: string) => boolean = () => false,
): Verdict {
  const verdict: Verdict = { faults: [], remarks: [] };
  photos.forEach((photo, index) => {
    if (!photo) return;
    const facts = factsOf(photo.src);
    if (!facts) {
      const place = { file, field: `photos.${index}.src`, label: `第 ${index + 1} 张照片` };
      const remedy = '请把照片放到与正文相同的文件夹，文件名（含大小写）要一致。';
      verdict.faults.push({ ...place, what: `找不到照片文件“${photo.src}”`, remedy });
      return;
    }
    if ('what' in facts) {
      const { what, remedy } = facts;
      verdict.faults.push({ file, field: `photos.${index}.src`, label: `第 ${index + 1} 张照片`, what, remedy });
      return;
    }
    const { faults, remarks } = sortFindings(
      file,
      index,
      photoFindings(facts, limits.photo),
      photo.exemption,
      isShown(photo.src),
    );
    verdict.faults.push(...faults);
    verdict.remarks.push(...remarks);
  });
  return verdict;
}
