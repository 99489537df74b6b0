// Runs in browser and Node: pure.
import type { Comb } from './comb.ts';

/** What tells whether a picture was enlarged. */
export interface EnlargementMeasures extends Omit<Comb, 'frequency'> {
  /** Fine detail relative to coarser, in dB (spectrum.ts). */
  hf: number;
}

/**
 * Bounds for proof that a picture is an enlarged JPEG, and for suspicion. Chosen on one half of the photographs,
 * measured on the other: `npm run bench:judge`.
 */
const PROOF = { up: 1.3, ahead: 0.2, drawn: 1.2, beyondDrawn: 0.9, hf: -4 };
const SUSPICION = { up: 0.9, ahead: 0, drawn: 1.8, beyondDrawn: 0.5, hf: -9 };

/**
 * A wider grid shows (`up`), clearer than a narrower one (`ahead`): an honest reduced picture has teeth in common with
 * it. Nothing is drawn at its period, as in lattices and tiles. And no enlarged picture has much fine detail.
 */
function meets({ up, down, drawn, hf }: EnlargementMeasures, bounds: typeof PROOF): boolean {
  return (
    up >= bounds.up &&
    up - down >= bounds.ahead &&
    drawn <= bounds.drawn &&
    up - drawn >= bounds.beyondDrawn &&
    hf <= bounds.hf
  );
}

/** Whether a picture is a small JPEG that was enlarged: never so of an honest one. */
export function isEnlarged(measures: EnlargementMeasures): boolean {
  return meets(measures, PROOF);
}

/** Whether it could be one: seldom so of an honest one. */
export function mayBeEnlarged(measures: EnlargementMeasures): boolean {
  return meets(measures, SUSPICION);
}
