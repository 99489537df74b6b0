const SCRIPT = /<script\b[^>]*>[\s\S]*?<\/script>/giu;
const POLICY = /<meta http-equiv="content-security-policy"[^>]*>/iu;

/**
 * A page as a frame without an address of its own shows it: without its scripts, because none run there and a browser
 * complains of each; where its policy says 'self', with our origin besides, because there Firefox lets 'self' mean
 * nothing (https://bugzilla.mozilla.org/show_bug.cgi?id=1721296).
 */
export function framedPage(html: string, origin: string): string {
  return html.replace(SCRIPT, '').replace(POLICY, (policy) => policy.replaceAll("'self'", `'self' ${origin}`));
}
