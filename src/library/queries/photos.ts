import type { ArticlePhoto, PhotoView } from '../../model/answers.ts';
import type { Photo } from '../../model/fields/photo.ts';
import { MIME_TYPES, settingsKey, variantsOf } from '../../photo/encode/variants.ts';
import { generationOf, type PhotoFile, type Version } from '../content/version.ts';

const SETTINGS = settingsKey();

/**
 * Address of an encoded photo. It belongs to the entry that shows it, so it goes when the entry does. It names the bytes
 * it was made from and the encoder's settings, so caches may keep it for ever; and how often the entry has been
 * withdrawn, so that no address of before a withdrawal is used after it.
 */
export function photoAddress(version: Version, hash: string, variantName: string): string {
  const generation = generationOf(version);
  const folder = generation === 0 ? version.address.key : `${version.address.key}/${generation}`;
  return `/photos/${folder}/${hash.slice(0, 10)}-${SETTINGS}-${variantName}`;
}

function fileOf(version: Version, { src }: Photo): PhotoFile | undefined {
  return version.photos.find((file) => file.src === src);
}

/** A photo of an entry as lists show it; undefined: its file is not known. */
export function photoView(version: Version, photo: Photo): PhotoView | undefined {
  const file = fileOf(version, photo);
  if (!file) return undefined;
  const { width, height, colour } = file;
  const said = { alt: photo.alt, caption: photo.caption, credit: photo.credit, consent: photo.consent };
  const shown = { ...said, width, height, colour };
  if (file.address !== undefined) return { ...shown, sources: [], fallback: { src: file.address, width, height } };
  const addressed = variantsOf(file).map((variant) => ({
    ...variant,
    href: photoAddress(version, file.hash, variant.name),
  }));
  const fallback = addressed.find(({ format }) => format === 'jpeg');
  if (!fallback) return undefined;
  const avif = addressed.filter(({ format }) => format === 'avif');
  return {
    ...shown,
    sources: [{ type: MIME_TYPES.avif, srcset: avif.map(({ href, width }) => `${href} ${width}w`).join(', ') }],
    fallback: { src: fallback.href, width: fallback.width, height: fallback.height },
  };
}

/** Every photo of an entry whose file is known, in the entry's order, as the entry's own page shows it. */
export function articlePhotos(version: Version, photos: readonly Photo[]): ArticlePhoto[] {
  return photos.flatMap((photo) => {
    const answer = photoView(version, photo);
    return answer ? [{ ...answer, placeholder: fileOf(version, photo)?.placeholder ?? '' }] : [];
  });
}
