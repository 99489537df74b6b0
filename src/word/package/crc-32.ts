// Runs in browser and Node: pure.

/** How many bytes are added in one step. Photos have many megabytes, and one byte at a time takes three times as long. */
const STEP = 4;

/** Returns the remainder of a byte for the reversed polynomial 0xEDB88320 (PKWARE APPNOTE, 4.4.7). */
function remainderOf(byte: number): number {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit += 1) remainder = remainder & 1 ? 0xedb88320 ^ (remainder >>> 1) : remainder >>> 1;
  return remainder;
}

/**
 * Remainders of all bytes, followed by those of all bytes before one, two and three zeros: the tables for adding four
 * bytes at once (“slicing by 4”).
 */
const REMAINDERS = new Int32Array(256 * STEP);
for (let at = 0; at < REMAINDERS.length; at += 1) {
  const before = REMAINDERS[at - 256] ?? 0;
  REMAINDERS[at] = at < 256 ? remainderOf(at) : (REMAINDERS[before & 0xff] ?? 0) ^ (before >>> 8);
}

function entry(table: number, byte: number): number {
  return REMAINDERS[256 * table + (byte & 0xff)] ?? 0;
}

/** Returns the CRC-32 of some bytes, as zip files store it. */
export function crc32(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const whole = bytes.length - (bytes.length % STEP);
  let crc = -1;
  for (let at = 0; at < whole; at += STEP) {
    const word = crc ^ view.getInt32(at, true);
    crc = entry(3, word) ^ entry(2, word >>> 8) ^ entry(1, word >>> 16) ^ entry(0, word >>> 24);
  }
  for (let at = whole; at < bytes.length; at += 1) crc = entry(0, crc ^ (bytes[at] ?? 0)) ^ (crc >>> 8);
  return (crc ^ -1) >>> 0;
}
