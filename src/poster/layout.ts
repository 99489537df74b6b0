// Runs in browser and Node: pure.
import type { PosterFacts } from '../model/view-models.ts';
import { exampleKinds } from '../model/collections/examples.ts';
import { evenLines, filledLines } from './line-breaking.ts';
import { hueOf, RED } from './palette.ts';
import { glyphsOf, type Glyph, type Typefaces, type Weight } from './text-runs.ts';
import { textLine, type Placed } from './svg.ts';

/** Size of a poster in pixels. */
export const POSTER = { width: 1080, height: 1440 } as const;

export const EDGE = 84;
export const RIGHT = POSTER.width - EDGE;
export const WIDTH = RIGHT - EDGE;
/** Position of the photo's upper edge in pixels, below the nameplate. */
export const TOP = 150;
/** Baseline of the last line of a poster, in pixels. */
export const BOTTOM = 1376;

/**
 * The layout of one poster: converts texts to SVG with the typefaces, and collects the characters that no font has in
 * `missing`.
 */
export class PosterLayout {
  readonly facts: PosterFacts;
  readonly #faces: Typefaces;
  readonly #missing: Set<string>;

  constructor(facts: PosterFacts, faces: Typefaces, missing: Set<string>) {
    this.facts = facts;
    this.#faces = faces;
    this.#missing = missing;
  }

  glyphs(text: string, weight: Weight = 500): Glyph[] {
    return glyphsOf(text, weight, this.#faces, (missing) => this.#missing.add(missing));
  }

  /** Returns the SVG of one line. A text that does not fit into `width` (pixels) is cut with an ellipsis. */
  line(text: string, placed: Placed, width = WIDTH, weight: Weight = 500): string {
    const [line = []] = filledLines(this.glyphs(text, weight), width / (placed.size * (1 + (placed.spacing ?? 0))), 1);
    return textLine(line, placed);
  }

  /**
   * Returns the SVG of at most `most` lines below each other. `leading` is the distance between baselines and `width`
   * the width of the lines, in pixels. `end` is the baseline of the last line.
   */
  lines(text: string, placed: Placed, leading: number, width: number, most: number): { drawn: string; end: number } {
    const lines = evenLines(this.glyphs(text), width / placed.size, most);
    const drawn = lines.map((line, n) => textLine(line, { ...placed, y: placed.y + n * leading })).join('');
    return { drawn, end: placed.y + Math.max(0, lines.length - 1) * leading };
  }

  get hue(): string {
    return this.facts.kind === 'example' ? RED : hueOf(this.facts.activities[0]?.order ?? 0);
  }

  /** Text above the title: the title of a story's activity, or the kind of an example. */
  get kicker(): string {
    const { exampleKind, activities } = this.facts;
    return exampleKind ? `先进典型 · ${exampleKinds[exampleKind]}` : (activities[0]?.title ?? '活动故事');
  }

  /**
   * Titles of an example's activities, joined by 、; undefined if the example has no activities. Also undefined for a
   * story, because the kicker of a story already shows its activity.
   */
  get activityNames(): string | undefined {
    const { kind, activities } = this.facts;
    return kind === 'example' && activities.length > 0 ? activities.map(({ title }) => title).join('、') : undefined;
  }
}
