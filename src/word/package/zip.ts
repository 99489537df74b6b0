// Runs in browser and Node: pure.
import { Inflate } from 'fflate';
import { crc32 } from './crc-32.ts';
import { LIMITS } from './limits.ts';
import { damaged, encrypted, oversized, WordRefused } from './refusal.ts';

/** A file in the package, as the central directory describes it. */
interface Member {
  /** Offset of the packed bytes, and their number. */
  start: number;
  packed: number;
  method: number;
  crc: number;
  encrypted: boolean;
}

/** Signatures and fixed lengths of the records of a zip file (PKWARE APPNOTE 6.3.10, 4.3). */
const END_OF_DIRECTORY = 0x06054b50;
const END_BYTES = 22;
const DIRECTORY_ENTRY = 0x02014b50;
const ENTRY_BYTES = 46;
const LOCAL_HEADER = 0x04034b50;
const LOCAL_BYTES = 30;
/** Greatest length of the comment behind the end of the directory. */
const MOST_COMMENT = 0xffff;

const STORED = 0;
const DEFLATED = 8;

/**
 * Number of packed bytes that are decompressed at once. Deflate expands at most 1,032 times, so a step makes at most 16
 * MB before the limit is checked.
 */
const STEP = 16 * 1024;

/** Decompresses deflated bytes. @throws WordRefused if there are more than `most` bytes, or the data are damaged. */
function inflated(packed: Uint8Array, most: number): Uint8Array {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const inflate = new Inflate((chunk) => {
    size += chunk.length;
    if (size > most) throw oversized();
    chunks.push(chunk);
  });
  try {
    for (let at = 0; at === 0 || at < packed.length; at += STEP) {
      inflate.push(packed.subarray(at, at + STEP), at + STEP >= packed.length);
    }
  } catch (error) {
    throw error instanceof WordRefused ? error : damaged(error);
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

/**
 * The zip package of a document. Only its directory is read at first; a part is decompressed when it is asked for, and
 * within limits: the sizes that the directory states are not trusted. Names of parts are compared without case (OPC,
 * ISO/IEC 29500-2, 6.3.5) and are never paths of files.
 */
export class ZipPackage {
  readonly #bytes: Uint8Array;
  readonly #members = new Map<string, Member>();
  /** Names of all parts, as the directory writes them. */
  readonly names: readonly string[];
  #xmlLeft: number = LIMITS.allXml;
  #photosLeft: number = LIMITS.allPhotos;

  /** @throws WordRefused if the directory is damaged or has too many parts. */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.names = this.#readDirectory(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  }

  #readDirectory(view: DataView): string[] {
    const end = endOfDirectory(view);
    const count = view.getUint16(end + 10, true);
    if (count > LIMITS.parts) throw oversized('文档里的部件太多，不像一篇稿件');
    const decoder = new TextDecoder();
    const names: string[] = [];
    let at = view.getUint32(end + 16, true);
    for (let entry = 0; entry < count; entry += 1) {
      if (at + ENTRY_BYTES > view.byteLength || view.getUint32(at, true) !== DIRECTORY_ENTRY) throw damaged();
      const nameLength = view.getUint16(at + 28, true);
      const written = decoder.decode(this.#bytes.subarray(at + ENTRY_BYTES, at + ENTRY_BYTES + nameLength));
      const name = written.replaceAll('\\', '/').replace(/^\/+/u, '');
      names.push(name);
      // Of two parts with the same name the first counts, as in Word.
      if (!this.#members.has(name.toLowerCase())) this.#members.set(name.toLowerCase(), memberAt(view, at));
      at += ENTRY_BYTES + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    }
    return names;
  }

  has(name: string): boolean {
    return this.#members.has(name.toLowerCase());
  }

  /**
   * Returns the text of an XML part, in UTF-8 or UTF-16; undefined if there is no such part.
   * @throws WordRefused if the part is damaged, encrypted or too large.
   */
  text(name: string): string | undefined {
    const bytes = this.#unpack(name, Math.min(LIMITS.xml, this.#xmlLeft));
    if (!bytes) return undefined;
    this.#xmlLeft -= bytes.length;
    const [first, second] = bytes;
    const encoding =
      first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
    return new TextDecoder(encoding).decode(bytes);
  }

  /**
   * Returns the bytes of a photo, as they were when it was inserted; undefined if there is no such part.
   * @throws WordRefused if the photo is damaged, encrypted or too large.
   */
  photo(name: string): Uint8Array | undefined {
    const most = Math.min(LIMITS.photo, this.#photosLeft);
    // A photo that is refused counts with all bytes that it might have had: it took the time to decompress them.
    this.#photosLeft -= most;
    const bytes = this.#unpack(name, most);
    this.#photosLeft += most - (bytes?.length ?? 0);
    return bytes;
  }

  #unpack(name: string, most: number): Uint8Array | undefined {
    const member = this.#members.get(name.toLowerCase());
    if (!member) return undefined;
    if (most <= 0) throw oversized();
    if (member.encrypted) throw encrypted();
    const end = member.start + member.packed;
    if (end > this.#bytes.length || (member.method !== STORED && member.method !== DEFLATED)) throw damaged();
    const packed = this.#bytes.subarray(member.start, end);
    if (member.method === STORED && packed.length > most) throw oversized();
    const whole = member.method === STORED ? packed : inflated(packed, most);
    if (crc32(whole) !== member.crc) throw damaged();
    return whole;
  }
}

/** Returns the offset of the record that ends the directory. @throws WordRefused if there is none. */
function endOfDirectory(view: DataView): number {
  const last = view.byteLength - END_BYTES;
  for (let at = last; at >= Math.max(0, last - MOST_COMMENT); at -= 1) {
    if (view.getUint32(at, true) === END_OF_DIRECTORY) return at;
  }
  throw damaged();
}

/** Reads the entry of the directory at an offset. @throws WordRefused if the file does not contain its data. */
function memberAt(view: DataView, at: number): Member {
  const header = view.getUint32(at + 42, true);
  if (header + LOCAL_BYTES > view.byteLength || view.getUint32(header, true) !== LOCAL_HEADER) throw damaged();
  return {
    start: header + LOCAL_BYTES + view.getUint16(header + 26, true) + view.getUint16(header + 28, true),
    packed: view.getUint32(at + 20, true),
    method: view.getUint16(at + 10, true),
    crc: view.getUint32(at + 16, true),
    encrypted: (view.getUint16(at + 8, true) & 1) === 1,
  };
}
