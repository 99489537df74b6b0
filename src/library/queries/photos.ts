import type { ArticlePhoto, PhotoView } from '../../model/view-models.ts';
import type { Photo } from '../../model/fields/photo.ts';
import { MIME_TYPES, settingsKey, variantsOf } from '../../photo/encode/variants.ts';
import { generationOf, type PhotoFile, type Version } from '../content/version.ts';

const SETTINGS = settingsKey();

/**
 * Returns the URL path of a variant of a photo. `hash` is the SHA-256 of the photo's bytes, in hexadecimal. The path is
 * `/photos/<key of the entry>[/<generation>]/<hash>-<settings>-<variant>`:
 *
 * - It begins with the key of the entry that shows the photo, so that a photo's files are deleted with its entry.
 * - It contains the hash and the encoder's settings, so that caches may keep the file permanently.
 * - It contains how many times the entry was withdrawn, so that a path from before a withdrawal is never used again.
 */
export function photoAddress(version: Version, hash: string, variantName: string): string {
  const generation = generationOf(version);
  const folder = generation === 0 ? version.address.key : `${version.address.key}/${generation}`;
  return `/photos/${folder}/${hash.slice(0, 10)}-${SETTINGS}-${variantName}`;
}

function fileOf(version: Version, { src }: Photo): PhotoFile | undefined {
  return version.photos.find((file) => file.src === src);
}

/**
 * Returns the view of an entry's photo for lists; undefined if the photo's file is not known or has no JPEG variant.
 */
export function photoView(version: Version, photo: Photo): PhotoView | undefined {
  const file = fileOf(version, photo);
  if (!file) return undefined;
  const { width, height, colour } = file;
  const shown = { alt: photo.alt, caption: photo.caption, credit: photo.credit, width, height, colour };
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

/**
 * Returns the views of an entry's photos for the entry's page, in the entry's order. Photos whose files are not known
 * are left out.
 */
export function articlePhotos(version: Version, photos: readonly Photo[]): ArticlePhoto[] {
  return photos.flatMap((photo) => {
    const view = photoView(version, photo);
    return view ? [{ ...view, placeholder: fileOf(version, photo)?.placeholder ?? '' }] : [];
  });
}
