import { z } from 'zod';
import { DeskError, errorOf, unreachable } from './desk-client.ts';

const finding = z.object({ level: z.string(), message: z.string(), remedy: z.string() });
const accepted = z.object({
  src: z.string(),
  width: z.number(),
  height: z.number(),
  size: z.number(),
  findings: z.array(finding).default([]),
});
const rejected = z.object({ findings: z.array(finding).min(1) });

/** A photo as the desk keeps it. */
export type UploadedPhoto = z.output<typeof accepted>;

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Sends a photo to the desk; `progress` hears from 0 to 1. Rejects with the desk's sentence. */
export function uploadPhoto(file: File, progress: (part: number) => void): Promise<UploadedPhoto> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('PUT', '/api/photos');
    request.setRequestHeader('content-type', file.type.startsWith('image/') ? file.type : 'application/octet-stream');
    request.upload.addEventListener('progress', ({ loaded, total }) => progress(total > 0 ? loaded / total : 0));
    request.addEventListener('error', () => reject(unreachable()));
    request.addEventListener('load', () => {
      const answer = json(request.responseText);
      const photo = accepted.safeParse(answer);
      if (request.status === 200 && photo.success) {
        resolve(photo.data);
        return;
      }
      const refusal = rejected.safeParse(answer);
      const lines = refusal.success ? refusal.data.findings.map(({ message, remedy }) => `${message}。${remedy}`) : [];
      reject(lines.length > 0 ? new DeskError(lines.join(''), request.status) : errorOf(request.status, answer));
    });
    request.send(file);
  });
}
