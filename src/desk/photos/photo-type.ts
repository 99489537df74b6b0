import { kindOf } from '../../photo/rules/file-kind.ts';

/** Returns the media type of a photo by its bytes; browsers download any other file and do not show it. */
export function photoType(bytes: Uint8Array): string {
  const kind = kindOf(bytes);
  return kind.is === 'photo' ? `image/${kind.format}` : 'application/octet-stream';
}
