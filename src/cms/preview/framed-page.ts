const SCRIPT = /<script\b[^>]*>[\s\S]*?<\/script>/giu;
const POLICY = /<meta http-equiv="content-security-policy"[^>]*>/iu;

/**
 * Returns a page's HTML for the `srcdoc` of a frame. Removes scripts: they do not run there, and browsers report each
 * in the console. Adds `origin` to 'self' in the page's Content Security Policy: in Firefox, 'self' matches nothing in
 * such a frame (https://bugzilla.mozilla.org/show_bug.cgi?id=1721296).
 */
export function framedPage(html: string, origin: string): string {
  return html.replace(SCRIPT, '').replace(POLICY, (policy) => policy.replaceAll("'self'", `'self' ${origin}`));
}
