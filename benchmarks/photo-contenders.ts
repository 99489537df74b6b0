// The encoders of photos that are compared. Each runs in new processes, with nothing encoded before and with the same
// widths.
import { createHash } from 'node:crypto';
import { copyFile, mkdir, readdir, readFile, symlink } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { openStore } from '../src/photo/store/store.ts';
import { ENCODING, variantsOf } from '../src/photo/encode/variants.ts';
import { installed, MODULES } from './installed.ts';
import { writeSite } from './peer.ts';
import { processorTime } from './processor-time.ts';

/** The results of encoding some photos with one encoder. */
export interface Encoded {
  name: string;
  /** CPU time in seconds. The CPU time of the same command without photos is already subtracted. */
  seconds: number;
  /** Paths of the encoded files of each photo, in the order of the photos. */
  files: string[][];
  /** CPU time in seconds and number of written files of a second run over the same photos. */
  again?: { seconds: number; written: number };
}

const FORMATS = ['avif', 'webp', 'jpeg'];
const SCRIPT = fileURLToPath(new URL('./encode-ours.ts', import.meta.url));

/** Encodes photos with our store, and counts the CPU time until the last process has exited. `root` is a new folder. */
export async function ours(root: string, photos: readonly string[]): Promise<Encoded> {
  await mkdir(root);
  const folder = join(root, 'encoded');
  const run = async () => processorTime(process.execPath, [SCRIPT, folder, ...photos], root);
  const empty = await processorTime(process.execPath, [SCRIPT, folder], root);
  const first = await run();
  const second = await run();
  const store = openStore(folder);
  const files = await Promise.all(
    photos.map(async (photo) => {
      const bytes = await readFile(photo);
      const hash = createHash('sha256').update(bytes).digest('hex');
      return variantsOf((await sharp(bytes).metadata()).autoOrient).map((variant) => store.path(hash, variant));
    }),
  );
  return {
    name: 'With You',
    seconds: first.seconds - empty.seconds,
    files,
    again: { seconds: second.seconds - empty.seconds, written: Number(second.output) },
  };
}

const CONFIG = `
import { defineConfig } from 'astro/config';
export default defineConfig({ cacheDir: './cache', vite: { cacheDir: './cache/vite' } });
`;

/**
 * Returns an Astro page with a `<Picture>` of each photo. The fallback is as wide as ours, so that Astro makes no wider
 * file for it.
 */
function picturePage(photos: readonly string[]): string {
  const widths = JSON.stringify(ENCODING.widths);
  const imports = photos.map((name, at) => `import photo${at} from '../assets/${name}';`);
  const pictures = photos.map(
    (_, at) =>
      `<Picture src={photo${at}} alt="" formats={${JSON.stringify(FORMATS)}} fallbackFormat="jpeg" widths={${widths}} width={Math.min(${ENCODING.jpeg.width}, photo${at}.width)} />`,
  );
  return ['---', "import { Picture } from 'astro:assets';", ...imports, '---', ...pictures, ''].join('\n');
}

/**
 * Encodes photos with Astro. Measures the build of a page with a picture of each photo, and subtracts the CPU time of
 * building a site without pictures.
 */
export async function astroPicture(root: string, photos: readonly string[]): Promise<Encoded> {
  const { folder, version } = await installed('astro');
  const names = photos.map((photo, at) => `p${at}-${extname(photo)}`);
  const build = async (site: string, page: string) => {
    await writeSite(site, {
      'package.json': '{"type":"module"}',
      'tsconfig.json': '{"extends":"astro/tsconfigs/base"}',
      'astro.config.mjs': CONFIG,
      'src/pages/index.astro': page,
    });
    await symlink(MODULES, join(site, 'node_modules'));
    return processorTime(process.execPath, [join(folder, 'bin/astro.mjs'), 'build', '--silent'], site);
  };
  const site = join(root, 'pictures');
  await mkdir(join(site, 'src/assets'), { recursive: true });
  for (const [at, name] of names.entries()) await copyFile(photos[at] ?? '', join(site, 'src/assets', name));
  const empty = await build(join(root, 'empty'), '<p>nothing</p>\n');
  const full = await build(site, picturePage(names));
  const made = await readdir(join(site, 'dist/_astro'));
  return {
    name: `Astro ${version} <Picture>`,
    seconds: full.seconds - empty.seconds,
    files: names.map((name) =>
      made
        .filter((file) => file.startsWith(`${basename(name, extname(name))}.`))
        .map((file) => join(site, 'dist/_astro', file)),
    ),
  };
}

const ELEVENTY = `
import Image from '@11ty/eleventy-img';
const [widths, formats, ...photos] = process.argv.slice(2);
const options = { widths: JSON.parse(widths), formats: JSON.parse(formats), useCache: false };
await Promise.all(photos.map((photo, at) => Image(photo, { ...options, outputDir: 'made/' + at, urlPath: '/' })));
`;

/** Encodes photos with Eleventy's image plugin. */
export async function eleventyImage(root: string, photos: readonly string[]): Promise<Encoded> {
  const { version } = await installed('@11ty/eleventy-img');
  await writeSite(root, { 'package.json': '{"type":"module"}', 'encode.js': ELEVENTY });
  await symlink(MODULES, join(root, 'node_modules'));
  const settings = [JSON.stringify(ENCODING.widths), JSON.stringify(FORMATS)];
  const empty = await processorTime(process.execPath, ['encode.js', ...settings], root);
  const full = await processorTime(process.execPath, ['encode.js', ...settings, ...photos], root);
  const filesOf = async (at: number): Promise<string[]> => {
    const made = await readdir(join(root, 'made', String(at)));
    return made.map((file) => join(root, 'made', String(at), file));
  };
  const files = await Promise.all(photos.map((_, at) => filesOf(at)));
  return { name: `eleventy-img ${version}`, seconds: full.seconds - empty.seconds, files };
}
