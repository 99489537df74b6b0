import { Readable } from 'node:stream';
import { turnJpeg } from '../../photo/orientation/turn-jpeg.ts';
import { Refusal } from '../domain/refusal.ts';
import { photoType } from './photo-type.ts';

/** Number of bytes of a photo's beginning that are first searched for its EXIF. */
const FIRST_HEAD = 64 * 1024;
/**
 * Number of bytes at a photo's beginning within which its picture must begin. Phones write up to some megabytes before
 * it, such as a second picture or a map of distances.
 */
const LONGEST_HEAD = 16 * 1024 * 1024;

const INSTEAD = '请用看图软件转正，另存为 JPG（质量选最高），再点“换一张”。';

/**
 * Returns the turned beginning of a photo; undefined if the picture begins behind `head`.
 * @throws Refusal 422 if the photo is no JPEG, or its EXIF is damaged or full.
 */
function turnedHead(head: Uint8Array, quarters: number): Uint8Array | undefined {
  if (photoType(head) !== 'image/jpeg') {
    throw new Refusal(422, `只有 JPG 格式的照片可以在这里转，没有转。${INSTEAD}`);
  }
  const turned = turnJpeg(head, quarters);
  if (turned === 'exif') {
    throw new Refusal(422, `这张照片里的拍摄信息（EXIF）已损坏或没有空位，不能在这里转，没有转。${INSTEAD}`);
  }
  return turned === 'cut-off' ? undefined : turned;
}

async function* turnedBytes(photo: Readable, quarters: number): AsyncGenerator<Uint8Array> {
  let chunks: Uint8Array[] = [];
  let length = 0;
  let wanted = FIRST_HEAD;
  let head: Uint8Array | undefined;
  for await (const chunk of photo) {
    const bytes: unknown = chunk;
    if (!(bytes instanceof Uint8Array)) throw new TypeError('The stream of a photo has something else than bytes.');
    if (head) {
      yield bytes;
      continue;
    }
    chunks.push(bytes);
    length += bytes.length;
    if (length < wanted) continue;
    head = turnedHead(Buffer.concat(chunks), quarters);
    if (head) {
      chunks = [];
      yield head;
    } else if (length > LONGEST_HEAD) break;
    // Twice as many each time, so that all attempts together search at most twice the bytes of the last one.
    wanted = length * 2;
  }
  if (head) return;
  head = turnedHead(Buffer.concat(chunks), quarters);
  if (!head) throw new Refusal(422, `这张照片的文件不完整，或者开头太长，不能在这里转，没有转。${INSTEAD}`);
  yield head;
}

/**
 * Returns a stream with the bytes of a photo, turned by its EXIF orientation (`turnJpeg`). Only the beginning of the
 * photo is held in memory. The stream fails with Refusal 422 if the photo cannot be turned.
 * @param quarters the number of quarter turns of 90° to the right.
 */
export function turnedPhoto(photo: Readable, quarters: number): Readable {
  return Readable.from(turnedBytes(photo, quarters), { objectMode: false });
}
