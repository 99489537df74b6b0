// Runs in browser and Node: pure.
/** The site's colours by day, as src/styles/ground.css has them. */
export const PAPER = '#faf7f1';
export const INK = '#211c17';
export const SOFT = '#675e54';
export const LINE = '#ddd3c4';
export const RED = '#a5231a';

const HUES = ['#8a3b2e', '#73591a', '#9c3450', '#2b665f', '#31517f', '#693f78', '#9a5a0c'] as const;

/** The hue of an activity by its order, 1 to 7; of anything else the red. */
export function hueOf(order: number): string {
  return HUES[order - 1] ?? RED;
}
