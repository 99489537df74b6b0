// Takes pictures of pages: cut to their subject, numbered, and small.
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import sharp, { type Sharp } from 'sharp';

/** Folder of the handbooks' pictures. */
export const PICTURES = join(import.meta.dirname, '../pictures');

/** Limits of a picture: pixels and bytes. */
const WIDEST = 1200;
const MOST_BYTES = 150_000;
/** WebP qualities, best first: text stays clean down to the last. */
const QUALITIES = [84, 76, 68, 60];

/** Margins around what is shown, in CSS pixels; the second one leaves room for marks at the edge. */
const MARGIN = 14;
export const MARGIN_FOR_MARKS = 28;
/**
 * Sizes of a mark in CSS pixels. `beside`, `above`: gap between frame and element; `low`: greatest height of a field or
 * button.
 */
const MARK = { stroke: 3, beside: 9, above: 5, radius: 12, corner: 6, low: 90, colour: '#c8102e' } as const;

/** Longest wait for a page to load, in milliseconds. */
const PATIENCE = 5000;

/** Names of the files written so far. */
const written = new Set<string>();

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Which part of a page a picture shows. */
export interface Shot {
  /** Elements that are shown, with a margin; absent: the whole window. */
  of?: readonly Locator[];
  margin?: number;
  /** Elements that are framed and numbered from ①, and the side of the numbers; absent: left. */
  marks?: readonly Locator[];
  numbers?: 'left' | 'right';
}

/** Returns an element's box in the window, in CSS pixels. @throws Error if it is not on the page. */
async function boxOf(locator: Locator): Promise<Box> {
  const box = await locator.boundingBox();
  if (!box) throw new Error(`Nothing to be seen of ${String(locator)}.`);
  return box;
}

/** Returns the smallest box around some boxes and a margin, within a window. */
function around(boxes: readonly Box[], margin: number, { width, height }: { width: number; height: number }): Box {
  const x = Math.max(0, Math.min(...boxes.map((box) => box.x)) - margin);
  const y = Math.max(0, Math.min(...boxes.map((box) => box.y)) - margin);
  const right = Math.min(width, Math.max(...boxes.map((box) => box.x + box.width)) + margin);
  const bottom = Math.min(height, Math.max(...boxes.map((box) => box.y + box.height)) + margin);
  return { x, y, width: right - x, height: bottom - y };
}

/**
 * Returns a frame with its number on one side, as SVG: in the middle of a low frame, near the top of a higher one.
 * `whole`: the part of the window that is shown.
 */
function markOf(box: Box, number: number, whole: Box, side: 'left' | 'right'): string {
  const { stroke, beside, above, radius, corner, low, colour } = MARK;
  const left = Math.max(stroke, box.x - whole.x - beside);
  const top = Math.max(stroke, box.y - whole.y - above);
  const right = Math.min(whole.width - stroke, box.x - whole.x + box.width + beside);
  const bottom = Math.min(whole.height - stroke, box.y - whole.y + box.height + above);
  const cx = side === 'left' ? Math.max(radius + 2, left - 2) : Math.min(whole.width - radius - 2, right + 2);
  const cy = box.height < low ? (top + bottom) / 2 : top + radius + 6;
  return [
    `<rect x="${left}" y="${top}" width="${right - left}" height="${bottom - top}" rx="${corner}"`,
    ` fill="none" stroke="${colour}" stroke-width="${stroke}"/>`,
    `<circle cx="${cx}" cy="${cy}" r="${radius}" fill="${colour}" stroke="#fff" stroke-width="2"/>`,
    `<text x="${cx}" y="${cy}" dy="0.36em" fill="#fff" font-family="sans-serif" font-size="${radius * 1.4}"`,
    ` font-weight="700" text-anchor="middle">${number}</text>`,
  ].join('');
}

/** Writes a picture as WebP in the best quality within MOST_BYTES. @throws Error if the lowest quality is too large. */
export async function keep(name: string, picture: Sharp): Promise<void> {
  await mkdir(PICTURES, { recursive: true });
  const small = await picture.resize({ width: WIDEST, withoutEnlargement: true }).png().toBuffer();
  for (const quality of QUALITIES) {
    const bytes = await sharp(small).webp({ quality, effort: 6 }).toBuffer();
    if (bytes.length > MOST_BYTES) continue;
    const file = `${name}.webp`;
    await writeFile(join(PICTURES, file), bytes);
    written.add(file);
    console.log(`${file}  ${Math.round(bytes.length / 1000)} kB`);
    return;
  }
  throw new Error(`${name} is larger than ${MOST_BYTES} bytes.`);
}

/** Takes a picture of a page, in device pixels of its context. */
export async function shoot(
  page: Page,
  { of, margin = MARGIN, marks = [], numbers = 'left' }: Shot = {},
): Promise<Sharp> {
  const window = page.viewportSize();
  if (!window) throw new Error('The page has no window.');
  // Wait for photos, fonts and transitions; a page that never becomes idle is taken as it is.
  await page.waitForLoadState('networkidle', { timeout: PATIENCE }).catch(() => undefined);
  await page.evaluate(async () => document.fonts.ready);
  await page.waitForTimeout(400);
  const whole = { x: 0, y: 0, ...window };
  const clip = of ? around(await Promise.all(of.map(boxOf)), margin, window) : whole;
  const boxes = await Promise.all(marks.map(boxOf));
  const bytes = await page.screenshot({ clip, caret: 'hide' });
  if (boxes.length === 0) return sharp(bytes);
  const { width, height } = await sharp(bytes).metadata();
  const drawn = boxes.map((box, index) => markOf(box, index + 1, clip, numbers)).join('');
  const viewBox = `0 0 ${clip.width} ${clip.height}`;
  const overlay = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="${viewBox}">${drawn}</svg>`;
  return sharp(
    await sharp(bytes)
      .composite([{ input: Buffer.from(overlay) }])
      .png()
      .toBuffer(),
  );
}

/** Takes a picture of a page and writes it. */
export async function take(name: string, page: Page, shot: Shot = {}): Promise<void> {
  await keep(name, await shoot(page, shot));
}

/** Writes some pictures side by side as one. */
export async function keepBeside(name: string, pictures: readonly Sharp[]): Promise<void> {
  const all = await Promise.all(
    pictures.map(async (picture) => {
      const { data, info } = await picture.png().toBuffer({ resolveWithObject: true });
      return { data, width: info.width, height: info.height };
    }),
  );
  const gap = 60;
  const height = Math.max(...all.map((one) => one.height));
  const width = all.reduce((sum, one) => sum + one.width, gap * (all.length - 1));
  let left = 0;
  const placed = all.map(({ data, width: own }) => {
    const place = { input: data, left, top: 0 };
    left += own + gap;
    return place;
  });
  const sheet = sharp({ create: { width, height, channels: 3, background: '#ffffff' } }).composite(placed);
  await keep(name, sharp(await sheet.png().toBuffer()));
}

/** Removes pictures of earlier runs that this run has not written. */
export async function removeOthers(): Promise<void> {
  for (const file of await readdir(PICTURES)) if (!written.has(file)) await rm(join(PICTURES, file));
}
