import { z } from 'zod';
import type { Fault } from '../../model/fault.ts';
import { hideToast, showToast } from './toast.ts';

/**
 * The error for a request that the desk refused or that failed. Decap shows what `toString` returns: the Chinese
 * sentence, without the error's name.
 */
export class DeskError extends Error {
  /** HTTP status of the response; 0 if there was no response or nothing was sent. */
  readonly status: number;
  /** The faults of the entry for which the desk refused the request; none if it had another reason. */
  readonly faults: readonly Fault[];

  constructor(message: string, status: number, faults: readonly Fault[] = []) {
    super(message);
    this.name = 'DeskError';
    this.status = status;
    this.faults = faults;
  }

  override toString(): string {
    return this.message;
  }
}

/** Path of the sign-in page. */
export const SIGN_IN_ADDRESS = '/desk/sign-in';

const SIGNED_OUT = '登录已失效。写下的内容还在这一页，请不要关闭：在另一个标签页登录，再回来点“保存”。';
const UNREACHABLE = '连不上编辑台。写下的内容还在这一页，请稍后再试。';

/**
 * Statuses that a proxy sends if the desk does not respond: bad gateway, service unavailable, gateway timeout (RFC
 * 9110, 15.6.3 to 15.6.5).
 */
const UNANSWERED = [502, 503, 504];

const refusal = z.object({
  error: z.string(),
  /**
   * Path of a page that compares two versions: the text of this save and the current text. Present only if the save
   * came too late and the desk kept its text.
   */
  address: z.string().startsWith('/desk/').optional().catch(undefined),
  faults: z
    .array(z.object({ file: z.string(), field: z.string(), label: z.string(), what: z.string(), remedy: z.string() }))
    .catch([]),
});

/**
 * Returns the error for a response whose status is not 2xx. Also shows a toast if nobody is signed in (401), or if the
 * body has the path of a comparison (`address`).
 */
export function errorOf(status: number, body: unknown): DeskError {
  if (status === 401) {
    showToast({ kind: 'error', text: SIGNED_OUT, link: { address: SIGN_IN_ADDRESS, text: '去登录' } });
    return new DeskError(SIGNED_OUT, status);
  }
  const parsed = refusal.safeParse(body);
  if (parsed.success) {
    const { error: text, address, faults } = parsed.data;
    if (address !== undefined) showToast({ kind: 'error', text, link: { address, text: '打开比较' } });
    return new DeskError(text, status, faults);
  }
  if (UNANSWERED.includes(status)) return new DeskError(UNREACHABLE, status);
  return new DeskError(`编辑台出错了（${status}），请稍后再试。`, status);
}

/**
 * Returns whether the desk may have run a request although the request failed: no response arrived, or only a proxy
 * responded.
 */
export function isUnanswered(error: unknown): error is DeskError {
  return error instanceof DeskError && (error.status === 0 || UNANSWERED.includes(error.status));
}

/** Hides the toast that says that nobody is signed in. */
export function hideSignedOutToast(): void {
  hideToast(SIGNED_OUT);
}

/**
 * Sends a request to the desk. Resolves to the response, whatever its status.
 * @throws DeskError with status 0 if there is no response.
 */
export async function reach(address: string, init: RequestInit = {}): Promise<Response> {
  try {
    return await fetch(address, { ...init, credentials: 'same-origin' });
  } catch {
    throw new DeskError(UNREACHABLE, 0);
  }
}

/**
 * Sends a request to the desk. Resolves to the parsed JSON of the response; undefined for status 204.
 * @throws DeskError with the desk's sentence if the status is not 2xx; with status 0 if there is no response or its
 * body is not complete JSON.
 */
export async function ask(address: string, init: RequestInit = {}): Promise<unknown> {
  const response = await reach(address, init);
  if (response.status === 204) return undefined;
  const unread = {};
  const body: unknown = await response.json().catch(() => unread);
  if (!response.ok) throw errorOf(response.status, body);
  // The body is not JSON: the response broke off.
  if (body === unread) throw unreachable();
  return body;
}

/** Returns the `fetch` options of a POST request with a JSON body. */
export function post(body: unknown): RequestInit {
  return { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

/** Returns the error for a desk that cannot be reached (status 0), for requests that are not made with `fetch`. */
export function unreachable(): DeskError {
  return new DeskError(UNREACHABLE, 0);
}
