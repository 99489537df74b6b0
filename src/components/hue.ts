import type { ActivityRef } from '../model/answers.ts';

/** The quiet hues of the seven activities, on light and on dark ground: at least 4.5 : 1 on paper and card. */
const HUES = [
  ['#8a3b2e', '#e09683'],
  ['#73591a', '#cdb070'],
  ['#9c3450', '#e793a8'],
  ['#2b665f', '#7fbfb5'],
  ['#31517f', '#93b4e0'],
  ['#693f78', '#c7a0d6'],
  ['#9a5a0c', '#e0a45c'],
] as const;

/** Style attribute that gives an element the hue of an activity, as `--hue` (ground.css says how it chooses). */
export function hueOf({ order }: Pick<ActivityRef, 'order'>): string {
  const [light, dark] = HUES[order - 1] ?? HUES[0];
  return `--hue:var(--light,${light}) var(--dark,${dark})`;
}
