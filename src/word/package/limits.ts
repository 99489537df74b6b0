// Runs in browser and Node: pure.
const MEGABYTE = 1024 * 1024;

/**
 * Limits of a document. A story of 2,000 characters with three photos has some 20 parts, 5,000 elements and 300 kB of
 * XML. The limits leave room for long summaries and stop files that are made to exhaust memory.
 */
export const LIMITS = {
  /** Bytes of the file: three photos of 24 megapixels have 50 MB. */
  file: 100 * MEGABYTE,
  /** Number of parts in the package. */
  parts: 2000,
  /** Bytes of one XML part, and of all XML parts together, after decompression. */
  xml: 20 * MEGABYTE,
  allXml: 40 * MEGABYTE,
  /** Bytes of one photo, as for an uploaded one, and of all photos together, after decompression. */
  photo: 40 * MEGABYTE,
  allPhotos: 200 * MEGABYTE,
  /** Number of elements of one XML part, and how deeply they may be nested. */
  elements: 100_000,
  depth: 200,
  /** UTF-16 code units of the document's text. The desk accepts 50,000 for an entry. */
  characters: 500_000,
} as const;
