const SCRIPT = /<script\b[^>]*>[\s\S]*?<\/script>/giu;
const POLICY = /<meta http-equiv="content-security-policy"[^>]*>/iu;

/**
 * Returns a page for a `srcdoc` frame. Removes scripts, because none run there and browsers report each; adds our
 * origin beside 'self' to its policy, because 'self' matches nothing in such a frame in Firefox
 * (https://bugzilla.mozilla.org/show_bug.cgi?id=1721296).
 */
export function framedPage(html: string, origin: string): string {
  return html.replace(SCRIPT, '').replace(POLICY, (policy) => policy.replaceAll("'self'", `'self' ${origin}`));
}
