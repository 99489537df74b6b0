import type { Page } from 'playwright-core';

/** Number of a page's layout shifts, and the sum of their scores (without unit, as in Cumulative Layout Shift). */
export interface Shifts {
  count: number;
  sum: number;
}

/**
 * Resolves to the layout shifts of a page since it was opened, including those within half a second after a key press
 * or click. The browser reports shifts late, frame by frame. So the function shifts the page itself at the end: when
 * the browser reports that shift, it has reported all earlier shifts.
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
        // Waits two frames, so that the browser does not merge this shift with one of the current frame.
        requestAnimationFrame(() =>
          requestAnimationFrame(() => {
            own = performance.now();
            document.body.style.setProperty('border-top', '40px solid transparent');
          }),
        );
      }),
  );
}
