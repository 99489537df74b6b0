import { activityHues } from '../../model/collections/activities.ts';
import type { ActivityRef } from '../../model/answers.ts';

/** Style attribute that gives an element the hue of an activity, as `--hue` (ground.css says how it chooses). */
export function hueOf({ order }: Pick<ActivityRef, 'order'>): string {
  const [light, dark] = activityHues[order - 1] ?? activityHues[0];
  return `--hue:var(--light,${light}) var(--dark,${dark})`;
}
