import type { ActivityRef } from '../model/answers.ts';

/** Style attribute that gives an element the hue of an activity, as `--hue`. */
export function hueOf(activity: Pick<ActivityRef, 'order'>): string {
  return `--hue:var(--a${activity.order})`;
}
