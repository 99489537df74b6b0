import { z } from 'zod';
import { hideToast, showToast } from './toast.ts';

/** A refusal, or a request that failed. Decap shows what `toString` returns: the sentence, without the error's name. */
export class DeskError extends Error {
  /** HTTP status; 0 if there was no response or no request. */
  readonly status: number;

  constructor(message: string, status: number) {
    super(message);
    this.name = 'DeskError';
    this.status = status;
  }

  override toString(): string {
    return this.message;
  }
}

/** Address of the sign-in page. */
export const SIGN_IN_ADDRESS = '/desk/sign-in';

const SIGNED_OUT = '登录已失效。写下的内容还在这一页，请不要关闭：在另一个标签页登录，再回来点“保存”。';
const UNREACHABLE = '连不上编辑台。写下的内容还在这一页，请稍后再试。';

/** Statuses that a proxy sends if the desk does not respond (RFC 9110, 15.6.3 to 15.6.5). */
const UNANSWERED = [502, 503, 504];

const refusal = z.object({
  error: z.string(),
  /** Address of the comparison, if a save came too late and its text was kept. */
  address: z.string().startsWith('/desk/').optional().catch(undefined),
  faults: z.array(z.object({ what: z.string(), remedy: z.string() })).optional(),
});

/**
 * Returns the error for a response of the desk that is not OK. Shows a toast if nobody is signed in, or if there is a
 * comparison to open.
 */
export function errorOf(status: number, body: unknown): DeskError {
  if (status === 401) {
    showToast({ kind: 'error', text: SIGNED_OUT, link: { address: SIGN_IN_ADDRESS, text: '去登录' } });
    return new DeskError(SIGNED_OUT, status);
  }
  const parsed = refusal.safeParse(body);
  if (parsed.success) {
    const { error: text, address } = parsed.data;
    if (address !== undefined) showToast({ kind: 'error', text, link: { address, text: '打开比较' } });
    return new DeskError(text, status);
  }
  if (UNANSWERED.includes(status)) return new DeskError(UNREACHABLE, status);
  return new DeskError(`编辑台出错了（${status}），请稍后再试。`, status);
}

/** Returns whether the desk may or may not have done what was asked: only a proxy responded, or nobody. */
export function isUnanswered(error: unknown): error is DeskError {
  return error instanceof DeskError && (error.status === 0 || UNANSWERED.includes(error.status));
}

/** Hides the toast that nobody is signed in. */
export function hideSignedOutToast(): void {
  hideToast(SIGNED_OUT);
}

/**
 * Sends a request to the desk. Returns the response, whatever its status.
 * @throws DeskError if there is none.
 */
export async function reach(address: string, init: RequestInit = {}): Promise<Response> {
  try {
    return await fetch(address, { ...init, credentials: 'same-origin' });
  } catch {
    throw new DeskError(UNREACHABLE, 0);
  }
}

/**
 * Sends a request to the desk. Returns the JSON of the response; undefined for status 204.
 * @throws DeskError if the desk refuses, with its sentence, or cannot be reached.
 */
export async function ask(address: string, init: RequestInit = {}): Promise<unknown> {
  const response = await reach(address, init);
  if (response.status === 204) return undefined;
  const unread = {};
  const body: unknown = await response.json().catch(() => unread);
  if (!response.ok) throw errorOf(response.status, body);
  // The response broke off.
  if (body === unread) throw unreachable();
  return body;
}

/** Returns the options of a request that sends JSON. */
export function post(body: unknown): RequestInit {
  return { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

/** Returns the error for a desk that cannot be reached, for requests not made by `fetch`. */
export function unreachable(): DeskError {
  return new DeskError(UNREACHABLE, 0);
}
