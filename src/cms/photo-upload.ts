import { z } from 'zod';
import { findingLine, type Finding } from '../photo/finding.ts';
import { DeskError, errorOf, unreachable } from './desk-client.ts';
import { deskFinding } from './desk-finding.ts';

const accepted = z.object({
  src: z.string(),
  width: z.number(),
  height: z.number(),
  size: z.number(),
  findings: z.array(deskFinding).default([]),
});
const rejected = z.object({ findings: z.array(deskFinding).min(1) });

/** A photo as the desk keeps it. */
export type UploadedPhoto = z.output<typeof accepted>;

/** What an upload is for. */
export interface UploadPurpose {
  /** The folder of the entry; empty: it has none yet. */
  entry: string;
  /** Its errors are known, and a reviewer is asked to waive them. */
  forWaiver: boolean;
}

/** The desk refuses a photo, and says all that it found. */
export class PhotoRefused extends DeskError {
  readonly findings: readonly Finding[];

  constructor(findings: readonly Finding[], status: number) {
    super(findings.map(findingLine).join(''), status);
    this.findings = findings;
  }
}

function addressFor({ entry, forWaiver }: UploadPurpose): string {
  const query = new URLSearchParams({
    ...(forWaiver ? { for: 'waiver' } : {}),
    ...(entry === '' ? {} : { entry }),
  }).toString();
  return query === '' ? '/api/photos' : `/api/photos?${query}`;
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Sends a photo to the desk; `progress` hears from 0 to 1. Rejects with the desk's sentence. */
export function uploadPhoto(
  file: File,
  purpose: UploadPurpose,
  progress: (part: number) => void,
): Promise<UploadedPhoto> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('PUT', addressFor(purpose));
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
      reject(
        refusal.success ? new PhotoRefused(refusal.data.findings, request.status) : errorOf(request.status, answer),
      );
    });
    request.send(file);
  });
}
