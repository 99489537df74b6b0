// Runs in browser and Node: pure.
import { activityHues } from '../model/collections/activities.ts';

/** The colours of the site in its light theme, as in src/styles/colours.css. */
export const PAPER = '#faf7f1';
export const INK = '#211c17';
export const SOFT = '#675e54';
export const LINE = '#ddd3c4';
export const RED = '#a5231a';

/** Returns the colour of an activity by its order, 1 to 7, as `#rrggbb`; RED for any other number. */
export function hueOf(order: number): string {
  return activityHues[order - 1]?.[0] ?? RED;
}
