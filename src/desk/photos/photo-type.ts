import { kindOf } from '../../photo/rules/file-kind.ts';

/**
 * Returns the media type of a photo, found by its bytes. For any other file it is a type that browsers download and do
 * not show.
 */
export function photoType(bytes: Uint8Array): string {
  const kind = kindOf(bytes);
  return kind.is === 'photo' ? `image/${kind.format}` : 'application/octet-stream';
}
