import { OriginalsTrouble, type TroubleKind } from './originals-trouble.ts';
import { hasCode } from './hashed-folder.ts';

/** An answer of S3 that is no success. */
export class S3Failure extends Error {
  readonly status: number;
  /** The code in the answer, such as `NoSuchKey`. Empty if it has none: answers to HEAD never have. */
  readonly code: string;

  constructor(status: number, code: string) {
    super(`S3 answered ${status} ${code}`.trim());
    this.status = status;
    this.code = code;
  }
}

/** The server neither took nor sent bytes for too long. */
export class S3Stalled extends Error {}

/** The connection ended before the answer was complete. */
export class S3Cut extends Error {}

/** What the server answered is no valid answer of S3. */
export class S3Nonsense extends Error {}

/** Codes of the system and of Node for connections that are not made or break. */
const LINE_CODES = [
  'ECONNRESET',
  'ECONNREFUSED',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
  'EHOSTDOWN',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ERR_STREAM_PREMATURE_CLOSE',
  'ERR_STREAM_DESTROYED',
  'HPE_INVALID_EOF_STATE',
];

/** Codes of S3 by what they mean for the desk. */
const KINDS: Readonly<Record<string, TroubleKind>> = {
  InvalidAccessKeyId: 'denied',
  SignatureDoesNotMatch: 'denied',
  AccessDenied: 'denied',
  InvalidToken: 'denied',
  ExpiredToken: 'denied',
  RequestTimeTooSkewed: 'clock',
  NoSuchBucket: 'bucket',
  PermanentRedirect: 'address',
  TemporaryRedirect: 'address',
  AuthorizationHeaderMalformed: 'address',
  IllegalLocationConstraintException: 'address',
  // Swift answers so if a quota would be exceeded; S3 itself only above 5 GB, which no original has.
  EntityTooLarge: 'full',
  QuotaExceeded: 'full',
  InsufficientStorage: 'full',
  XMinioStorageFull: 'full',
};

/** Codes of requests that were damaged on their way or came too slowly. */
const DAMAGED_REQUEST = ['BadDigest', 'XAmzContentSHA256Mismatch', 'IncompleteBody', 'RequestTimeout', 'SlowDown'];

/** Statuses of a server error that the next attempt would get, too: not implemented, and no space. */
const LASTING = [501, 507];

function isLineBroken(error: unknown): boolean {
  return error instanceof S3Cut || hasCode(error, ...LINE_CODES);
}

/**
 * Returns whether another attempt may succeed. Every request of originals may be repeated: an object of a name is
 * always the same.
 */
export function mayRetry(error: unknown): boolean {
  if (error instanceof S3Stalled || isLineBroken(error)) return true;
  if (!(error instanceof S3Failure)) return false;
  const { status, code } = error;
  return (status >= 500 && !LASTING.includes(status)) || status === 429 || DAMAGED_REQUEST.includes(code);
}

/** Returns what is wrong, or undefined if the error does not come from the server or the way to it. */
export function troubleIn(error: unknown): OriginalsTrouble | undefined {
  const kind = kindOf(error);
  return kind && new OriginalsTrouble(kind, error);
}

function kindOf(error: unknown): TroubleKind | undefined {
  if (error instanceof S3Stalled) return 'stalled';
  if (isLineBroken(error)) return 'unreachable';
  if (error instanceof S3Nonsense) return 'broken';
  if (error instanceof S3Failure) return KINDS[error.code] ?? kindOfStatus(error.status);
  if (isCertificateError(error)) return 'certificate';
  return undefined;
}

function kindOfStatus(status: number): TroubleKind {
  if (status === 401 || status === 403) return 'denied';
  if (status === 413 || status === 507) return 'full';
  if (status >= 300 && status < 400) return 'address';
  return status >= 500 || status === 429 ? 'broken' : 'refused';
}

/** Returns whether TLS failed: codes of OpenSSL's verification and of Node's own checks. */
function isCertificateError(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return false;
  return /^(?:CERT_|ERR_TLS_|ERR_SSL_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|EPROTO$)/u.test(error.code);
}
