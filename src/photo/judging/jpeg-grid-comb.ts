// Runs in browser and Node: pure.
import type { BendProfile } from './bend-profile.ts';
import { LENGTH, spectrumOfAmounts, spectrumOfDrawing } from './bend-spectrum.ts';

/** Pixels along a block of a JPEG (ITU-T T.81, A.1.3.1). */
const BLOCK = 8;
/**
 * The frequency of a grid that was never rescaled, in cycles per pixel, and how near to it a frequency counts as the
 * same.
 */
const OWN_GRID = { frequency: 1 / BLOCK, tolerance: 0.004 };
/** Frequencies that are tried, in cycles per pixel: from enlarged six times to reduced by half. */
const TRIED = { from: 0.02, to: 0.26, step: 0.00006 };
const HARMONICS = 8;
/** A comb with fewer visible teeth is not tried. */
const FEWEST_TEETH = 4;
/** Places in the spectrum where a tooth can be distinguished from the picture itself and from noise. */
const USABLE = { from: 60, to: 2030 };
/** How near a tooth may come to a tooth of the picture's own grid, in harmonics of that grid. */
const OWN_TOOTH = 0.03;
/**
 * A file also has wider grids: of 16 pixels if colours are stored at half size (T.81, A.2.3), of 32 in AVIF. A
 * comb of these widths must stand out by `handicap` more, as a natural logarithm (measured: they reach up to 1.4 by
 * themselves).
 */
const OWN_WIDER = { frequencies: [1 / 16, 1 / 32], tolerance: 0.0005, handicap: 1 };

/** The grid of blocks that an earlier JPEG left in a picture which was rescaled afterwards. */
export interface Comb {
  /**
   * How clearly a grid stands out that is wider than a JPEG's own, as a natural logarithm: the picture was enlarged.
   */
  up: number;
  /** The same for a narrower grid: the picture was reduced, as honest pictures are. */
  down: number;
  /**
   * How clearly something is drawn at the period of the wider grid, as a natural logarithm: then the grid is a lattice
   * or tiles.
   */
  drawn: number;
  /** Frequency of the wider grid, in cycles per pixel. */
  frequency: number;
}

/** Returns the place of a tooth in the spectrum, folded at half a cycle per pixel; 0 if it cannot be seen. */
function placeOf(frequency: number): number {
  const turned = frequency % 1;
  const folded = turned > 0.5 ? 1 - turned : turned;
  const place = Math.round(folded * LENGTH);
  const own = folded * BLOCK;
  const hidden = place < USABLE.from || place > USABLE.to || Math.abs(own - Math.round(own)) < OWN_TOOTH;
  return hidden ? 0 : place;
}

/** A comb that is tried. */
interface Candidate {
  frequency: number;
  handicap: number;
  /** Places of its teeth, by harmonic from 1; 0 for a tooth that cannot be seen. */
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

/** Low harmonics weigh more, because a comb of another frequency that shares teeth has other low harmonics. */
const WEIGHTS = Array.from({ length: HARMONICS }, (_, at) => 1 / Math.sqrt(at + 1));

/**
 * Returns the mean of a spectrum at the visible teeth of a comb, without those whose harmonic is a multiple of
 * `without`; Infinity if no tooth is left.
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

/** No harmonic is a multiple of this number, so that no tooth is left out. */
const ALL = HARMONICS + 1;

/**
 * Returns how clearly a comb stands out. Leaving out every second or third tooth guards against combs of a half or a
 * third of the true frequency, which have teeth that the true comb lacks.
 */
function clarityOf(spectrum: Float64Array, tried: Candidate): number {
  const all = meanAt(spectrum, tried, ALL);
  return Math.min(all, meanAt(spectrum, tried, 2), meanAt(spectrum, tried, 3)) - tried.handicap;
}

/** Nothing stands out. */
const NONE = -9;

/**
 * Searches the bends of a picture for the grid of an earlier JPEG. `mostUp` is the highest frequency of a wider grid,
 * within the resolution of the spectrum.
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

/** Returns the long side, in pixels, that a picture had when the grid was made. */
export function sourceSide(frequency: number, longSide: number): number {
  return Math.round(BLOCK * frequency * longSide);
}

/** Returns the frequency, in cycles per pixel, of the grid of a picture that had this long side. */
export function gridFrequency(sourceSide: number, longSide: number): number {
  return sourceSide / longSide / BLOCK;
}
