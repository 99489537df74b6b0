// Runs in browser and Node: pure.
import { encode } from 'uqr';

/** Light modules that must surround a code on every side, so that scanners find it (ISO/IEC 18004, 9.1). */
export const QUIET_ZONE = 4;

/** A QR code in units of its modules, without the quiet zone. */
export interface QrPath {
  /** Modules on a side: 21 to 177. */
  size: number;
  /** SVG path data of the dark modules, to be filled: from 0 to `size` both ways. */
  path: string;
}

/**
 * Makes the QR code of an address, with error correction level M: 15 % of it may be lost. QUIET_ZONE modules around it
 * must stay light, for example by `viewBox="-4 -4 size+8 size+8"`.
 *
 * @throws RangeError if the address has more than 2331 bytes.
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
