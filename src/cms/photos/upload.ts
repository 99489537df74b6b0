import { z } from 'zod';
import { findingLine, type Finding } from '../../photo/rules/finding.ts';
import { DeskError, errorOf, unreachable } from '../backend/desk-client.ts';
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

/**
 * What the desk compares with what arrives (RFC 9530). Browsers work it out only where the address is https or this
 * computer; undefined elsewhere.
 */
async function contentDigest(file: File): Promise<string | undefined> {
  if (!window.isSecureContext) return undefined;
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()));
  return `sha-256=:${btoa(String.fromCharCode(...digest))}:`;
}

/** After so many milliseconds without a sign of life a connection is given up; the desk may judge a photo for long. */
const STALLED = 120_000;

const SIGNED_OUT =
  '登录已失效，没有上传。写下的文字和别的照片都还在这一页，请不要关闭：在另一个标签页登录，再回来点“再传一次”。';

/** What an answer says that is not a photo. */
function refusalIn(status: number, answer: unknown): DeskError {
  const refusal = rejected.safeParse(answer);
  if (refusal.success) return new PhotoRefused(refusal.data.findings, status);
  return status === 401 ? new DeskError(SIGNED_OUT, status) : errorOf(status, answer);
}

/**
 * Sends a photo to the desk, once; `progress` hears from 0 to 1. Rejects with the desk's sentence, or, where its answer
 * did not arrive whole, with that it cannot be reached; with the signal's reason where that stops it.
 */
export async function uploadPhoto(
  file: File,
  purpose: UploadPurpose,
  progress: (part: number) => void,
  signal: AbortSignal,
): Promise<UploadedPhoto> {
  const digest = await contentDigest(file);
  signal.throwIfAborted();
  const request = new XMLHttpRequest();
  const over = new AbortController();
  const uploading = new Promise<UploadedPhoto>((resolve, reject) => {
    let patience: ReturnType<typeof setTimeout> | undefined;
    const lost = (): void => reject(unreachable());
    const alive = (): void => {
      clearTimeout(patience);
      patience = setTimeout(lost, STALLED);
    };
    over.signal.addEventListener('abort', () => clearTimeout(patience));
    signal.addEventListener('abort', () => reject(signal.reason), { signal: over.signal });
    // A connection that is gone can else look for minutes as if it were slow.
    window.addEventListener('offline', lost, { signal: over.signal });
    request.addEventListener('error', lost);
    request.upload.addEventListener('progress', ({ loaded, total }) => {
      alive();
      progress(total > 0 ? loaded / total : 0);
    });
    request.addEventListener('load', () => {
      const { status } = request;
      const answer = json(request.responseText);
      const photo = accepted.safeParse(answer);
      if (status !== 200) reject(refusalIn(status, answer));
      else if (photo.success) resolve(photo.data);
      else lost();
    });
    alive();
  });
  request.open('PUT', addressFor(purpose));
  request.setRequestHeader('content-type', file.type.startsWith('image/') ? file.type : 'application/octet-stream');
  if (digest !== undefined) request.setRequestHeader('content-digest', digest);
  request.send(file);
  return uploading.finally(() => {
    over.abort();
    request.abort();
  });
}
