// Runs in browser and Node: pure.

/**
 * A value of the EXIF tag Orientation, 1 to 8 (EXIF 2.32, 4.6.4 A). 1 means that the stored picture is upright; 6 that
 * it is shown turned by 90° to the right.
 */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

/**
 * The orientations in two cycles: each is the one before it, turned by 90° to the right. Pictures of the second cycle
 * are mirrored.
 */
const CYCLES: readonly (readonly Orientation[])[] = [
  [1, 6, 3, 8],
  [2, 7, 4, 5],
];

/**
 * Returns an orientation turned by quarter turns of 90° to the right; negative numbers turn to the left.
 * @param quarters any whole number.
 */
export function turned(orientation: Orientation, quarters: number): Orientation {
  const cycle = CYCLES.find((one) => one.includes(orientation)) ?? [];
  const position = cycle.indexOf(orientation) + quarters;
  return cycle[((position % 4) + 4) % 4] ?? orientation;
}

/** Returns the orientation that a number says; 1 for other numbers, as decoders do. */
export function orientationOf(value: number): Orientation {
  return CYCLES.flat().find((orientation) => orientation === value) ?? 1;
}
