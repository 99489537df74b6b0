import { z } from 'zod';
import { findingLine, type Finding } from '../../photo/rules/finding.ts';
import { ask, DeskError, errorOf, unreachable } from '../backend/desk-client.ts';
import { deskFinding, originalAddress } from './finding-schema.ts';

const accepted = z.object({
  src: z.string(),
  width: z.number(),
  height: z.number(),
  size: z.number(),
  findings: z.array(deskFinding).default([]),
});
const rejected = z.object({ findings: z.array(deskFinding).min(1) });

/** A photo that the desk has stored: file name, width and height in pixels, file size in bytes, and findings. */
export type UploadedPhoto = z.output<typeof accepted>;

/** What a photo is uploaded for. */
export interface UploadPurpose {
  /** The folder of the entry; empty if the entry was never saved. */
  entry: string;
  /** Whether the photo is sent although it has errors, so that a reviewer may waive them. */
  forWaiver: boolean;
}

/** The desk's refusal of a photo, with all findings. */
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

/** Returns the parsed JSON; undefined if it is invalid. */
function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Resolves to a Content-Digest header (RFC 9530), which the desk compares with the bytes that arrive. Undefined if the
 * page was loaded neither over HTTPS nor from localhost: browsers then offer no hash functions.
 */
async function contentDigest(file: File): Promise<string | undefined> {
  if (!window.isSecureContext) return undefined;
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()));
  return `sha-256=:${btoa(String.fromCharCode(...digest))}:`;
}

/**
 * Time in milliseconds after which an upload is cancelled if it has made no progress and no response has come. It is
 * long because the desk may take long to judge a photo.
 */
const STALLED = 120_000;

const SIGNED_OUT =
  '登录已失效，没有上传。写下的文字和别的照片都还在这一页，请不要关闭：在另一个标签页登录，再回来点“再传一次”。';

/** Returns the error for a response with a status other than 200. */
function uploadError(status: number, body: unknown): DeskError {
  const refusal = rejected.safeParse(body);
  if (refusal.success) return new PhotoRefused(refusal.data.findings, status);
  return status === 401 ? new DeskError(SIGNED_OUT, status) : errorOf(status, body);
}

/**
 * Sends a photo to the desk once. Calls `progress` with the part that was sent, from 0 to 1.
 * @throws PhotoRefused with the desk's findings; DeskError with the desk's sentence, or with status 0 if no complete
 * response arrived; the reason of `signal` if it is aborted.
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
  const done = new AbortController();
  const uploading = new Promise<UploadedPhoto>((resolve, reject) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const lost = (): void => reject(unreachable());
    const restartTimer = (): void => {
      clearTimeout(timer);
      timer = setTimeout(lost, STALLED);
    };
    done.signal.addEventListener('abort', () => clearTimeout(timer));
    signal.addEventListener('abort', () => reject(signal.reason), { signal: done.signal });
    // Without this, a lost connection may look like a slow one for minutes.
    window.addEventListener('offline', lost, { signal: done.signal });
    request.addEventListener('error', lost);
    request.upload.addEventListener('progress', ({ loaded, total }) => {
      restartTimer();
      progress(total > 0 ? loaded / total : 0);
    });
    request.addEventListener('load', () => {
      const { status } = request;
      const body = json(request.responseText);
      const photo = accepted.safeParse(body);
      if (status !== 200) reject(uploadError(status, body));
      else if (photo.success) resolve(photo.data);
      else lost();
    });
    restartTimer();
  });
  request.open('PUT', addressFor(purpose));
  request.setRequestHeader('content-type', file.type.startsWith('image/') ? file.type : 'application/octet-stream');
  if (digest !== undefined) request.setRequestHeader('content-digest', digest);
  request.send(file);
  return uploading.finally(() => {
    done.abort();
    request.abort();
  });
}

/**
 * Has a photo turned by the desk. `folder`: the folder of the photo's entry; empty for a photo among the editor's
 * uploads. `quarters`: number of quarter turns of 90° to the right, 1 to 3. Resolves to the turned photo.
 * @throws DeskError with the desk's sentence; with status 0 if no complete response arrived within `STALLED`.
 */
export async function requestTurn(folder: string, src: string, quarters: number): Promise<UploadedPhoto> {
  const address = `${originalAddress(folder, src)}?turn=${quarters}`;
  const body = await ask(address, { method: 'POST', signal: AbortSignal.timeout(STALLED) });
  const photo = accepted.safeParse(body);
  if (!photo.success) throw unreachable();
  return photo.data;
}
