// Runs in browser and Node: pure.
import { z } from 'zod';
import { chineseDate, isDate } from '../text/date.ts';
import type { Fault } from './fault.ts';

/** How many days before its end a consent is listed on the desk's start page. */
export const CONSENT_NOTICE_DAYS = 30;

/** A photo of an entry whose consent has an end. */
export interface LimitedConsent {
  /** Position of the photo in the entry, from 0. */
  index: number;
  src: string;
  /** The last day of the consent, YYYY-MM-DD. */
  until: string;
}

const listed = z.object({
  photos: z.array(
    z
      .object({
        src: z.string().catch(''),
        consentUntil: z.string().refine(isDate),
        withdrawn: z.undefined().optional(),
      })
      .optional()
      .catch(undefined),
  ),
});

/**
 * Returns the photos of an entry whose consent has an end, in the order of the entry. Leaves out withdrawn photos and
 * photos whose end is not a date. `data` is the entry's front matter, which need not be valid.
 */
export function limitedConsents(data: unknown): LimitedConsent[] {
  const parsed = listed.safeParse(data);
  return (parsed.data?.photos ?? []).flatMap((photo, index) =>
    photo ? [{ index, src: photo.src, until: photo.consentUntil }] : [],
  );
}

/**
 * Returns a fault for each photo whose consent ended before `today` (YYYY-MM-DD). The faults count when an entry is sent
 * to review, approved or published. A consent that ends after publication only puts the photo on a list of the start
 * page.
 */
export function consentFaults(file: string, data: unknown, today: string): Fault[] {
  return limitedConsents(data).flatMap(({ index, until }) => {
    if (until >= today) return [];
    const place = { file, field: `photos.${index}.consentUntil`, label: `第 ${index + 1} 张照片·许可截止` };
    const what = `肖像许可已于${chineseDate(until)}到期`;
    return [{ ...place, what, remedy: '请征得新的同意再改日期，或换一张照片；已发布的，请审核人把它撤下。' }];
  });
}

/** Returns the day that is `days` days after `today`; both are YYYY-MM-DD. */
export function dayAfter(today: string, days: number): string {
  return new Date(Date.parse(today) + days * 86_400_000).toISOString().slice(0, 10);
}
