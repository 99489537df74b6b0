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
/** Where the photo begins, below the nameplate. */
export const TOP = 150;
/** Baseline of a poster's last line. */
export const BOTTOM = 1376;

/** Lays out the parts of one poster: its facts, its typefaces and the characters that are missing. */
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

  /** Draws a single line; text that does not fit into the width is cut with an ellipsis. */
  line(text: string, placed: Placed, width = WIDTH, weight: Weight = 500): string {
    const [line = []] = filledLines(this.glyphs(text, weight), width / (placed.size * (1 + (placed.spacing ?? 0))), 1);
    return textLine(line, placed);
  }

  /** Draws lines below each other. `end` is the baseline of the last one. */
  lines(text: string, placed: Placed, leading: number, width: number, most: number): { drawn: string; end: number } {
    const lines = evenLines(this.glyphs(text), width / placed.size, most);
    const drawn = lines.map((line, n) => textLine(line, { ...placed, y: placed.y + n * leading })).join('');
    return { drawn, end: placed.y + Math.max(0, lines.length - 1) * leading };
  }

  get hue(): string {
    return this.facts.kind === 'example' ? RED : hueOf(this.facts.activities[0]?.order ?? 0);
  }

  /** The text above the title: the activity, or the kind of example. */
  get kicker(): string {
    const { exampleKind, activities } = this.facts;
    return exampleKind ? `先进典型 · ${exampleKinds[exampleKind]}` : (activities[0]?.title ?? '活动故事');
  }

  /** The activities of an example; undefined for a story, whose kicker names its activity. */
  get activityNames(): string | undefined {
    const { kind, activities } = this.facts;
    return kind === 'example' && activities.length > 0 ? activities.map(({ title }) => title).join('、') : undefined;
  }
}
