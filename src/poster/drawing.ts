import { readFile } from 'node:fs/promises';
import { brotliDecompressSync } from 'node:zlib';
import { initWasm, Resvg } from '@resvg/resvg-wasm';
import sharp from 'sharp';
import type { PosterFacts } from '../model/view-models.ts';
import { compose, type DrawnPhoto } from './composition.ts';
import type { Drawn } from './drawing-job.ts';
import { POSTER } from './layout.ts';
import { readTypeface } from './typeface.ts';

/**
 * Greatest size of a poster in exact colours, in bytes. A larger poster gets 256 colours, because people who pass it on
 * pay for the traffic.
 */
export const MOST_BYTES = 900_000;

async function font(name: string): Promise<Uint8Array> {
  return brotliDecompressSync(await readFile(new URL(`./font/${name}.ttf.br`, import.meta.url)));
}

async function picture(photo: PosterFacts['photo'], file: string | undefined): Promise<DrawnPhoto | undefined> {
  if (!photo || file === undefined) return undefined;
  const { width, height } = photo;
  return { href: `data:image/jpeg;base64,${(await readFile(file)).toString('base64')}`, width, height };
}

/**
 * Resolves to pixels (RGBA) encoded as a PNG: in exact colours if the file has at most MOST_BYTES, otherwise with 256
 * colours. The file has no metadata, because sharp writes none by default.
 */
async function packed(pixels: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const image = sharp(pixels, { raw: { ...POSTER, channels: 4 } }).removeAlpha();
  const exact = await image.clone().png({ compressionLevel: 6, adaptiveFiltering: true }).toBuffer();
  if (exact.length <= MOST_BYTES) return new Uint8Array(exact);
  return new Uint8Array(await image.png({ palette: true, compressionLevel: 9, effort: 4 }).toBuffer());
}

/** The drawing of posters. Uses only the fonts and libraries of this project, not those of the machine. */
export class Drawing {
  readonly #fonts: Uint8Array[];
  readonly #faces: Parameters<typeof compose>[2];

  private constructor(bold: Uint8Array, medium: Uint8Array) {
    this.#fonts = [bold, medium];
    this.#faces = { bold: readTypeface(bold), medium: readTypeface(medium) };
  }

  /** Loads the typefaces and the drawing library. Call it only once in a process. */
  static async load(): Promise<Drawing> {
    const [bold, medium, program] = await Promise.all([
      font('song-bold'),
      font('song-medium'),
      readFile(new URL(import.meta.resolve('@resvg/resvg-wasm/index_bg.wasm'))),
    ]);
    await initWasm(program);
    return new Drawing(bold, medium);
  }

  /**
   * Draws a poster and resolves to its PNG and the characters that no font has. `photo` is the path of the photo's
   * JPEG; undefined if there is none. Rejects if the file cannot be read.
   */
  async draw(facts: PosterFacts, photo: string | undefined): Promise<Drawn> {
    const { svg, missing } = compose(facts, await picture(facts.photo, photo), this.#faces);
    const drawing = new Resvg(svg, { font: { fontBuffers: this.#fonts } });
    const image = drawing.render();
    try {
      return { png: await packed(image.pixels), missing };
    } finally {
      image.free();
      drawing.free();
    }
  }
}
