import type { Page } from 'playwright-core';

/** Number and sum of a page's layout shifts, in the unit of CLS. */
export interface Shifts {
  count: number;
  sum: number;
}

/**
 * Returns the layout shifts of a page so far, including those within half a second of a key or click. The browser
 * reports shifts late and frame by frame, so the function moves the page itself at the end: once that shift is
 * reported, all earlier ones have been.
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
        // Two frames later, so that the function's own shift is not merged with one of the current frame.
        requestAnimationFrame(() =>
          requestAnimationFrame(() => {
            own = performance.now();
            document.body.style.setProperty('border-top', '40px solid transparent');
          }),
        );
      }),
  );
}
