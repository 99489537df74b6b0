// Runs in browser and Node: pure. Decides by the structure of a file whether its picture is animated. Each function
// takes a file known to be of its format; a file that is cut off counts as still.

const PNG_SIGNATURE_BYTES = 8;
/** Length, type and checksum around the data of a PNG chunk. */
const PNG_CHUNK_BYTES = 12;

/** Whether a PNG is animated. It announces that before its first pixels (PNG, third edition: `acTL` before `IDAT`). */
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

/** Whether a WebP is animated. Its extended header says so (RFC 9649, 2.7.1: flag A). */
export function isAnimatedWebp(bytes: Uint8Array): boolean {
  return String.fromCharCode(...bytes.subarray(12, 16)) === 'VP8X' && ((bytes[20] ?? 0) & 0b10) !== 0;
}

/** Returns the number of bytes of a GIF's colour table, from the flags that announce it. */
function colourTableBytes(flags: number): number {
  return (flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 0x07) + 1);
}

/** Returns the offset after the data blocks of a GIF that begin at `start`. */
function afterDataBlocks(bytes: Uint8Array, start: number): number {
  let at = start;
  let length = bytes[at] ?? 0;
  while (length > 0) {
    at += length + 1;
    length = bytes[at] ?? 0;
  }
  return at + 1;
}

/** Whether a GIF is animated: a second image follows the first (GIF89a, 18–26). Reads through the whole structure. */
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
