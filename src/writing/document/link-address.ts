// Runs in browser and Node: pure.
import { linkTarget } from '../../text/markdown.ts';

/** An address as a page links to it, or a Chinese sentence that says why it cannot be linked to. */
export type LinkAddress = { href: string } | { fault: string };

const EMPTY = '请填网址、邮箱或电话。';
const BLANK = '网址里有空格，读者点了打不开。请把网址完整地复制过来，只要网址，不要前后的字。';
const UNKNOWN = '这不像网址、邮箱或电话，读者点了打不开。网址要像 www.example.cn，请看看有没有写全。';

const MAIL = /^[^\s@:/]+@[^\s@:/]+\.[^\s@:/.]{2,}$/u;
/** Matches mobile numbers, numbers with an area code, service numbers (12351, 400-…) and local numbers. */
const PHONE = /^(?:\+86-?)?(?:1\d{10}|0\d{2,3}-?\d{7,8}(?:-\d{1,6})?|[48]00-?\d{3}-?\d{4}|[2-8]\d{6,7}|1[012]\d{3})$/u;
const HOST = /^[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*\.\p{L}{2,}$/u;
const NUMERIC_HOST = /^\d{1,3}(?:\.\d{1,3}){3}$/u;

/** Replaces the full-width signs that a Chinese input method writes in an address. */
function halfWidth(text: string): string {
  return text
    .replace(/[\uff01-\uff5e]/gu, (character) => String.fromCodePoint((character.codePointAt(0) ?? 0) - 0xfee0))
    .replace(/。/gu, '.');
}

/** Returns whether `host[:port][/…]` names a host that can be on the web. */
function hasHost(rest: string): boolean {
  const [, host = ''] = /^([^/?#:]*)(?::\d{1,5})?(?:[/?#]|$)/u.exec(rest) ?? [];
  return HOST.test(host) || NUMERIC_HOST.test(host) || host === 'localhost';
}

function completed(text: string): string | undefined {
  const [, scheme, rest = ''] = /^(https?):\/\/(.*)$/iu.exec(text) ?? [];
  if (scheme !== undefined) return hasHost(rest) ? `${scheme.toLowerCase()}://${rest}` : undefined;
  const [, mail] = /^mailto:(.*)$/iu.exec(text) ?? [];
  if (MAIL.test(mail ?? text)) return `mailto:${mail ?? text}`;
  const phone = (/^tel:(.*)$/iu.exec(text)?.[1] ?? text).replace(/[()（）]/gu, '-').replace(/^-/u, '');
  if (PHONE.test(phone)) return `tel:${phone}`;
  if (/^\/(?!\/)/u.test(text)) return text;
  return hasHost(text) ? `https://${text}` : undefined;
}

/**
 * Completes an address as people write it: www.… becomes https://www.…, a mail address mailto:…, a phone number tel:….
 * Paths of this site (`/stories/…`) stay.
 */
export function linkAddress(written: string): LinkAddress {
  const text = halfWidth(written.trim());
  if (text === '') return { fault: EMPTY };
  const address = completed(/^[\d\s()+-]+$/u.test(text) ? text.replace(/\s/gu, '') : text);
  if (/\s/u.test(text) && (address === undefined || /\s/u.test(address))) return { fault: BLANK };
  const href = address === undefined ? undefined : linkTarget(address);
  return href === undefined ? { fault: UNKNOWN } : { href };
}
