import { z } from 'zod';
import { say } from './notice.ts';

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

const SIGNED_OUT =
  '登录已失效。写下的内容还在这一页，请不要关闭：在另一个标签页打开 /desk/sign-in 登录，再回来点“保存”。';
const UNREACHABLE = '连不上编辑台。写下的内容还在这一页，请稍后再试。';

const refusal = z.object({
  error: z.string(),
  /** Where a text that came too late is kept. */
  address: z.string().startsWith('/desk/').optional().catch(undefined),
  faults: z.array(z.object({ what: z.string(), remedy: z.string() })).optional(),
});

/** The error that an answer of the desk stands for. */
export function errorOf(status: number, answer: unknown): DeskError {
  if (status === 401) {
    say({ kind: 'error', text: SIGNED_OUT });
    return new DeskError(SIGNED_OUT, status);
  }
  const parsed = refusal.safeParse(answer);
  if (parsed.success && parsed.data.address !== undefined) {
    const { error: text, address } = parsed.data;
    say({ kind: 'error', text, link: { address, text: '打开比较' } });
  }
  return new DeskError(parsed.success ? parsed.data.error : `编辑台出错了（${status}），请稍后再试。`, status);
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
  const answer: unknown = response.status === 204 ? undefined : await response.json().catch(() => undefined);
  if (!response.ok) throw errorOf(response.status, answer);
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
