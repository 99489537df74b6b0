import lighthouse, { type Result } from 'lighthouse';
import { z } from 'zod';

/** What it gives scores for. */
export const CATEGORIES = ['performance', 'accessibility', 'best-practices', 'seo'] as const;

const score = z.number().nullable();
const requests = z.object({
  items: z.array(
    z.object({ url: z.string(), resourceType: z.string().optional(), transferSize: z.number().optional() }),
  ),
});

/** A look at a page: scores from 0 to 100, bytes with their headers as they came over the network, milliseconds. */
export interface Sight {
  scores: readonly number[];
  /** HTML, styles, scripts and what these fetch. */
  texts: number;
  /** Photos and drawings. */
  images: number;
  largestPaint: number;
  /** How long the page's own work kept the reader waiting; on a busy machine the machine's, too. */
  blocking: number;
  shift: number;
  /** What cost points or is remarked, one a line. */
  remarks: string[];
  /** Requests to other places than the page's own. */
  strangers: string[];
}

/** What the way that the browser is driven costs, not the page: it switches the back/forward cache off. */
const OURS = new Set(['bf-cache']);

/** How often a page is tried: on a busy machine the recording of a page now and then begins too late. */
const ATTEMPTS = 4;

/** What Lighthouse says of a page. Errors are reported to nobody. Throws where it could not look at it. */
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
 * Looks at a page as Lighthouse does on a slow telephone (its defaults: simulated 4G, processor four times slower), in
 * a browser that listens on a port. Throws where the page could not be looked at.
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
    strangers: fetched.map(({ url }) => url).filter((url) => new URL(url).origin !== origin),
  };
}
