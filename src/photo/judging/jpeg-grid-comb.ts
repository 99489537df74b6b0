// Runs in browser and Node: pure.
import type { BendProfile } from './bend-profile.ts';
import { LENGTH, spectrumOfAmounts, spectrumOfDrawing } from './bend-spectrum.ts';

/** Length of the side of a JPEG block, in pixels (ITU-T T.81, A.1.3.1). */
const BLOCK = 8;
/**
 * The block grid of a JPEG that was never rescaled: its frequency, and how much another frequency may differ to count
 * as the same. Both are in cycles per pixel.
 */
const OWN_GRID = { frequency: 1 / BLOCK, tolerance: 0.004 };
/**
 * Range of grid frequencies that are tried, in cycles per pixel: from the grid of a picture enlarged six times to the
 * grid of a picture reduced by half.
 */
const TRIED = { from: 0.02, to: 0.26, step: 0.00006 };
const HARMONICS = 8;
/** A comb is tried only if at least this number of its teeth are visible. */
const FEWEST_TEETH = 4;
/** Range of places in the spectrum where a tooth can be distinguished from the picture itself and from noise. */
const USABLE = { from: 60, to: 2030 };
/**
 * A tooth of a comb is visible only if it is at least this far from the nearest tooth of the file's own grid. The
 * distance is a share of the frequency of the file's own grid.
 */
const OWN_TOOTH = 0.03;
/**
 * Frequencies of wider grids that a file may have although nobody enlarged it, in cycles per pixel. A grid of 16 pixels
 * occurs if colours are stored at half size (T.81, A.2.3), a grid of 32 pixels in AVIF. Such grids were measured to
 * stand out by up to 1.4. So the clarity of a comb within `tolerance` of these frequencies is lowered by `handicap`, a
 * natural logarithm.
 */
const OWN_WIDER = { frequencies: [1 / 16, 1 / 32], tolerance: 0.0005, handicap: 1 };

/**
 * The trace of the block grid of an earlier JPEG in a picture that was rescaled afterwards. The grid shows in the
 * spectrum of bends as a comb: peaks (“teeth”) at the multiples of one frequency. Clarities are natural logarithms of
 * how far the teeth stand out from the values near them.
 */
export interface Comb {
  /**
   * Clarity of the clearest grid that is wider than the blocks of a JPEG: such a grid shows that the picture was
   * enlarged.
   */
  up: number;
  /** Clarity of the clearest narrower grid: such a grid shows that the picture was reduced, as honest pictures are. */
  down: number;
  /** Clarity of something drawn at the period of the wider grid. If this is high, the grid is a lattice or tiles. */
  drawn: number;
  /** Frequency of the wider grid, in cycles per pixel; 0 if there is none. */
  frequency: number;
}

/**
 * Returns the index of a tooth in the spectrum; 0 if the tooth is not visible. Frequencies above half a cycle per pixel
 * are mirrored below it.
 */
function placeOf(frequency: number): number {
  const turned = frequency % 1;
  const folded = turned > 0.5 ? 1 - turned : turned;
  const place = Math.round(folded * LENGTH);
  const own = folded * BLOCK;
  const hidden = place < USABLE.from || place > USABLE.to || Math.abs(own - Math.round(own)) < OWN_TOOTH;
  return hidden ? 0 : place;
}

/** A comb that is tried: its `frequency` in cycles per pixel, and its `handicap`, which is 0 unless OWN_WIDER applies to it. */
interface Candidate {
  frequency: number;
  handicap: number;
  /** Indexes of the teeth in the spectrum, for the harmonics 1 to 8; 0 for a tooth that is not visible. */
  places: Uint16Array;
}

function candidate(frequency: number): Candidate {
  const { frequencies, tolerance, handicap } = OWN_WIDER;
  const places = new Uint16Array(HARMONICS);
  for (let harmonic = 1; harmonic <= HARMONICS; harmonic++) places[harmonic - 1] = placeOf(harmonic * frequency);
  return {
    frequency,
    handicap: frequencies.some((own) => Math.abs(frequency - own) < tolerance) ? handicap : 0,
    places,
  };
}

const CANDIDATES = Array.from({ length: Math.ceil((TRIED.to - TRIED.from) / TRIED.step) }, (_, at) =>
  candidate(TRIED.from + at * TRIED.step),
).filter(
  ({ frequency, places }) =>
    places.filter((place) => place > 0).length >= FEWEST_TEETH &&
    Math.abs(frequency - OWN_GRID.frequency) >= OWN_GRID.tolerance,
);

/**
 * Weights of the harmonics. Low harmonics weigh more. They distinguish combs that share teeth: a tooth that is a low
 * harmonic of one comb is another harmonic of the other comb.
 */
const WEIGHTS = Array.from({ length: HARMONICS }, (_, at) => 1 / Math.sqrt(at + 1));

/**
 * Returns the weighted mean of a spectrum at the visible teeth of a comb. Omits the teeth whose harmonic is a multiple
 * of `without`. Returns Infinity if no tooth is left.
 */
function meanAt(spectrum: Float64Array, { places }: Candidate, without: number): number {
  let sum = 0;
  let weights = 0;
  for (let harmonic = 1; harmonic <= HARMONICS; harmonic++) {
    const place = places[harmonic - 1] ?? 0;
    if (place === 0 || harmonic % without === 0) continue;
    const weight = WEIGHTS[harmonic - 1] ?? 0;
    sum += weight * (spectrum[place] ?? 0);
    weights += weight;
  }
  return weights > 0 ? sum / weights : Infinity;
}

/** Value of `without` that omits no tooth, because no harmonic is a multiple of it. */
const ALL = HARMONICS + 1;

/**
 * Returns how clearly a comb stands out, as a natural logarithm. It is the lowest of three means: over all teeth,
 * without every second tooth, and without every third tooth. A comb at half of the true frequency stands out only at
 * its second teeth, and a comb at a third only at its third teeth. So one of the two latter means is low for such a
 * comb.
 */
function clarityOf(spectrum: Float64Array, tried: Candidate): number {
  const all = meanAt(spectrum, tried, ALL);
  return Math.min(all, meanAt(spectrum, tried, 2), meanAt(spectrum, tried, 3)) - tried.handicap;
}

/** Clarity if nothing stands out, as a natural logarithm: lower than any that is measured. */
const NONE = -9;

/**
 * Searches the bends of a picture for the grid of an earlier JPEG and returns the clearest grid. `mostUp` is the
 * highest frequency at which a wider grid is searched for, in cycles per pixel. The resolution of the spectrum is added
 * to it.
 */
export function findComb(profile: Pick<BendProfile, 'columns' | 'rows'>, mostUp: number): Comb {
  const directions = { columns: profile.columns, rows: profile.rows };
  const amounts = spectrumOfAmounts(directions);
  const found: Comb = { up: NONE, down: NONE, drawn: NONE, frequency: 0 };
  let clearest: Candidate | undefined;
  for (const tried of CANDIDATES) {
    const { frequency } = tried;
    const clarity = clarityOf(amounts, tried);
    if (frequency > OWN_GRID.frequency) found.down = Math.max(found.down, clarity);
    else if (frequency <= mostUp + 1 / LENGTH && clarity > found.up) {
      found.up = clarity;
      found.frequency = frequency;
      clearest = tried;
    }
  }
  if (clearest) found.drawn = meanAt(spectrumOfDrawing(directions), clearest, ALL);
  return found;
}

/**
 * Returns the long side that a picture had when its grid was made, in pixels. `frequency` is the frequency of the grid
 * now, in cycles per pixel; `longSide` is the long side now, in pixels.
 */
export function sourceSide(frequency: number, longSide: number): number {
  return Math.round(BLOCK * frequency * longSide);
}

/**
 * Returns the frequency that the grid of a picture has, in cycles per pixel, after its long side changed from
 * `sourceSide` to `longSide` pixels.
 */
export function gridFrequency(sourceSide: number, longSide: number): number {
  return sourceSide / longSide / BLOCK;
}
