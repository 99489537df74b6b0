import { activityHues } from '../../model/collections/activities.ts';
import type { ActivityRef } from '../../model/view-models.ts';

/**
 * Returns the value of a `style` attribute that sets `--hue` to an activity's colour on light and on dark backgrounds
 * (colours.css).
 */
export function hueOf({ order }: Pick<ActivityRef, 'order'>): string {
  const [light, dark] = activityHues[order - 1] ?? activityHues[0];
  return `--hue:var(--light,${light}) var(--dark,${dark})`;
}
