import { kindOf } from '../../photo/rules/file-kind.ts';

/** The media type of a photo by its own bytes; what is no photo is offered as a download, never shown. */
export function photoType(bytes: Uint8Array): string {
  const kind = kindOf(bytes);
  return kind.is === 'photo' ? `image/${kind.format}` : 'application/octet-stream';
}
