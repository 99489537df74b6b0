// Pure functions, which run in browsers and in Node.
import { encode } from 'uqr';

/**
 * Number of light modules that must surround a code on every side, so that scanners find the code (ISO/IEC 18004, 9.1).
 */
export const QUIET_ZONE = 4;

/** A QR code as an SVG path, in units of its modules, without the quiet zone. */
export interface QrPath {
  /** Number of modules on each side of the code: 21 to 177. */
  size: number;
  /** SVG path data of the dark modules, which have to be filled. Both coordinates are from 0 to `size`. */
  path: string;
}

/**
 * Returns the QR code of a URL, with error correction level M: 15 % of the code may be unreadable. QUIET_ZONE modules
 * around the code must stay light, for example by `viewBox="-4 -4 size+8 size+8"`.
 * @throws RangeError if the URL has more than 2331 bytes.
 */
export function qrPath(address: string): QrPath {
  const { data, size } = encode(address, { ecc: 'M', border: 0 });
  const runs = data.flatMap((row, y) =>
    Array.from(
      row
        .map((dark) => (dark ? '#' : ' '))
        .join('')
        .matchAll(/#+/gu),
      ({ index, 0: { length } }) => `M${index} ${y}h${length}v1h-${length}z`,
    ),
  );
  return { size, path: runs.join('') };
}
