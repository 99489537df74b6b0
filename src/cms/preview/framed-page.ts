const SCRIPT = /<script\b[^>]*>[\s\S]*?<\/script>/giu;
const POLICY = /<meta http-equiv="content-security-policy"[^>]*>/iu;

/**
 * Returns a page for a frame without an address of its own: without scripts, because none run there and a browser
 * reports each; with our origin beside 'self' in its policy, because in such a frame 'self' matches nothing in Firefox
 * (https://bugzilla.mozilla.org/show_bug.cgi?id=1721296).
 */
export function framedPage(html: string, origin: string): string {
  return html.replace(SCRIPT, '').replace(POLICY, (policy) => policy.replaceAll("'self'", `'self' ${origin}`));
}
