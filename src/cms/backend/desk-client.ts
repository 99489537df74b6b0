import { z } from 'zod';
import { hideToast, showToast } from './toast.ts';

/** A refusal of the desk. Decap shows what `toString` says: the desk's own sentence, without the error's name. */
export class DeskError extends Error {
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

/** Where people sign in. */
export const SIGN_IN_ADDRESS = '/desk/sign-in';

const SIGNED_OUT = '登录已失效。写下的内容还在这一页，请不要关闭：在另一个标签页登录，再回来点“保存”。';
const UNREACHABLE = '连不上编辑台。写下的内容还在这一页，请稍后再试。';

/** What stands between browser and desk answers so where the desk does not (RFC 9110, 15.6.3 to 15.6.5). */
const UNANSWERED = [502, 503, 504];

const refusal = z.object({
  error: z.string(),
  /** Where a text that came too late is kept. */
  address: z.string().startsWith('/desk/').optional().catch(undefined),
  faults: z.array(z.object({ what: z.string(), remedy: z.string() })).optional(),
});

/** The error that an answer of the desk stands for. */
export function errorOf(status: number, answer: unknown): DeskError {
  if (status === 401) {
    showToast({ kind: 'error', text: SIGNED_OUT, link: { address: SIGN_IN_ADDRESS, text: '去登录' } });
    return new DeskError(SIGNED_OUT, status);
  }
  const parsed = refusal.safeParse(answer);
  if (parsed.success) {
    const { error: text, address } = parsed.data;
    if (address !== undefined) showToast({ kind: 'error', text, link: { address, text: '打开比较' } });
    return new DeskError(text, status);
  }
  if (UNANSWERED.includes(status)) return new DeskError(UNREACHABLE, status);
  return new DeskError(`编辑台出错了（${status}），请稍后再试。`, status);
}

/** Whether the desk may have done what was asked, or not: there was no answer, or one of something in between. */
export function isUnanswered(error: unknown): error is DeskError {
  return error instanceof DeskError && (error.status === 0 || UNANSWERED.includes(error.status));
}

/** The desk answers again: what was said of its silence is no longer news. */
export function whenReachable(): void {
  hideToast(SIGNED_OUT);
}

/** Asks the desk; answers the response, whatever it says. Rejects with a sentence where there is none. */
export async function reach(address: string, init: RequestInit = {}): Promise<Response> {
  try {
    return await fetch(address, { ...init, credentials: 'same-origin' });
  } catch {
    throw new DeskError(UNREACHABLE, 0);
  }
}

/** Asks the desk for JSON. Rejects with what the desk says. */
export async function ask(address: string, init: RequestInit = {}): Promise<unknown> {
  const response = await reach(address, init);
  if (response.status === 204) return undefined;
  const unread = {};
  const answer: unknown = await response.json().catch(() => unread);
  if (!response.ok) throw errorOf(response.status, answer);
  // It broke off on its way.
  if (answer === unread) throw unreachable();
  return answer;
}

/** Sends JSON to the desk. */
export function post(body: unknown): RequestInit {
  return { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

/** The unreachable desk's error, for requests that are not made by `fetch`. */
export function unreachable(): DeskError {
  return new DeskError(UNREACHABLE, 0);
}
