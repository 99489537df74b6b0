import lighthouse, { type Result } from 'lighthouse';
import { z } from 'zod';

/** The categories in which Lighthouse gives scores. */
export const CATEGORIES = ['performance', 'accessibility', 'best-practices', 'seo'] as const;

const score = z.number().nullable();
const requests = z.object({
  items: z.array(
    z.object({ url: z.string(), resourceType: z.string().optional(), transferSize: z.number().optional() }),
  ),
});

/**
 * The results for a page: scores from 0 to 100 in the order of `CATEGORIES`, bytes on the network including headers,
 * times in milliseconds.
 */
export interface Sight {
  scores: readonly number[];
  /** Bytes of everything but images: HTML, styles, scripts and data. */
  texts: number;
  /** Bytes of images: photos and drawings. */
  images: number;
  /** Largest contentful paint. */
  largestPaint: number;
  /** Total blocking time. On a busy machine it includes the time that the browser waits for the processor. */
  blocking: number;
  /** Cumulative layout shift, without unit. */
  shift: number;
  /** Audits with a score below 0.9, one per line. */
  remarks: string[];
  /** URLs of requests to other origins than the page's. */
  foreign: string[];
}

/** Audits that fail only because of the way the browser is controlled here: it disables the back/forward cache. */
const OURS = new Set(['bf-cache']);

/** Number of attempts for each page: on a busy machine, the recording sometimes begins too late. */
const ATTEMPTS = 4;

/**
 * Resolves to Lighthouse's report on a page. Sends no error reports.
 * @param address URL of the page.
 * @param port port of the browser's debugging protocol.
 * @throws Error if the page could not be recorded.
 */
async function report(address: string, port: number): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    const result = await lighthouse(address, {
      port,
      output: 'json',
      logLevel: 'error',
      onlyCategories: [...CATEGORIES],
      disableFullPageScreenshot: true,
    });
    if (result && !result.lhr.runtimeError) return result.lhr;
    if (attempt === ATTEMPTS) throw new Error(`${address}: ${result?.lhr.runtimeError?.message ?? 'no answer'}`);
  }
}

/**
 * Runs Lighthouse on a page with its default settings: a slow phone, with simulated 4G and a processor that is four
 * times slower.
 * @param address URL of the page.
 * @param port port of the debugging protocol of a running browser.
 * @throws Error if the page could not be recorded.
 */
export async function lookAt(address: string, port: number): Promise<Sight> {
  const { audits, categories } = await report(address, port);
  const { origin } = new URL(address);
  const fetched = requests.parse(audits['network-requests']?.details).items.filter(({ url }) => /^https?:/u.test(url));
  const sum = (isCounted: (type: string) => boolean): number =>
    fetched
      .filter(({ resourceType = '' }) => isCounted(resourceType))
      .reduce((total, { transferSize = 0 }) => total + transferSize, 0);
  const remarks = CATEGORIES.flatMap((category) =>
    (categories[category]?.auditRefs ?? []).flatMap(({ id, weight, group }) => {
      const audit = audits[id];
      const got = score.parse(audit?.score ?? null);
      if (!audit || got === null || got >= 0.9 || (weight === 0 && group === 'hidden') || OURS.has(id)) return [];
      return [`${category} ${id} (weight ${weight}): ${got} ${audit.displayValue ?? audit.title}`];
    }),
  );
  return {
    scores: CATEGORIES.map((category) => Math.round((score.parse(categories[category]?.score ?? null) ?? 0) * 100)),
    texts: sum((type) => type !== 'Image'),
    images: sum((type) => type === 'Image'),
    largestPaint: audits['largest-contentful-paint']?.numericValue ?? Number.NaN,
    blocking: audits['total-blocking-time']?.numericValue ?? Number.NaN,
    shift: audits['cumulative-layout-shift']?.numericValue ?? Number.NaN,
    remarks: [...new Set(remarks)],
    foreign: fetched.map(({ url }) => url).filter((url) => new URL(url).origin !== origin),
  };
}
