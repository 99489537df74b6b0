// Runs in browser and Node: pure. These functions find out by the structure of a file whether its picture is animated.
// The caller must already know the format of the file. A file that is cut off counts as not animated.

const PNG_SIGNATURE_BYTES = 8;
/** Number of bytes around the data of a PNG chunk: length, type and checksum. */
const PNG_CHUNK_BYTES = 12;

/**
 * Returns whether a PNG is animated: whether it has an `acTL` chunk before its first `IDAT` chunk (PNG, third edition).
 */
export function isAnimatedPng(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = PNG_SIGNATURE_BYTES;
  while (at + PNG_CHUNK_BYTES <= bytes.length) {
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (type === 'acTL') return true;
    if (type === 'IDAT') return false;
    at += PNG_CHUNK_BYTES + view.getUint32(at);
  }
  return false;
}

/** Returns whether a WebP is animated: whether flag A of its extended header is set (RFC 9649, 2.7.1). */
export function isAnimatedWebp(bytes: Uint8Array): boolean {
  return String.fromCharCode(...bytes.subarray(12, 16)) === 'VP8X' && ((bytes[20] ?? 0) & 0b10) !== 0;
}

/** Returns the size of a GIF's colour table in bytes, from the flags before the table. */
function colourTableBytes(flags: number): number {
  return (flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 0x07) + 1);
}

/** Returns the offset after the GIF data blocks that begin at `start`. */
function afterDataBlocks(bytes: Uint8Array, start: number): number {
  let at = start;
  let length = bytes[at] ?? 0;
  while (length > 0) {
    at += length + 1;
    length = bytes[at] ?? 0;
  }
  return at + 1;
}

/**
 * Returns whether a GIF is animated: whether it has a second image (GIF89a, sections 18–26). Reads the whole structure
 * of a GIF with one image.
 */
export function isAnimatedGif(bytes: Uint8Array): boolean {
  let images = 0;
  let at = 13 + colourTableBytes(bytes[10] ?? 0);
  for (;;) {
    const introducer = bytes[at];
    if (introducer === 0x21) {
      at = afterDataBlocks(bytes, at + 2);
    } else if (introducer === 0x2c) {
      images += 1;
      if (images > 1) return true;
      at = afterDataBlocks(bytes, at + 10 + colourTableBytes(bytes[at + 9] ?? 0) + 1);
    } else {
      return false;
    }
  }
}
