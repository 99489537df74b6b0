import type { Page } from 'playwright-core';

/** How often and how far a page has moved, in the unit of CLS. */
export interface Shifts {
  count: number;
  sum: number;
}

/**
 * Returns the layout shifts of a page from its beginning until now; what follows within half a second of a key or click
 * is among them. The browser reports shifts frame by frame and late, so the page is moved once more at the end: when that
 * is reported, all before it are.
 */
export async function layoutShifts(page: Page): Promise<Shifts> {
  return page.evaluate(
    async () =>
      new Promise<Shifts>((resolve) => {
        const shifts = { count: 0, sum: 0 };
        let own = Infinity;
        const observer = new PerformanceObserver((list) => {
          for (const shift of list.getEntries()) {
            if (shift.startTime >= own) {
              observer.disconnect();
              document.body.style.removeProperty('border-top');
              resolve(shifts);
              return;
            }
            shifts.count += 1;
            shifts.sum += Number(Reflect.get(shift, 'value'));
          }
        });
        observer.observe({ type: 'layout-shift', buffered: true });
        // Two frames, so that what stands now has been drawn and is not moved in the same frame.
        requestAnimationFrame(() =>
          requestAnimationFrame(() => {
            own = performance.now();
            document.body.style.setProperty('border-top', '40px solid transparent');
          }),
        );
      }),
  );
}
