import { createHash } from 'node:crypto';

const INLINE = /<(script|style)\b([^>]*)>([\s\S]*?)<\/\1>/giu;

function hashSource(content: string): string {
  return `'sha256-${createHash('sha256').update(content).digest('base64')}'`;
}

/** Returns a directive with its sources, each source once. */
function directive(name: string, sources: Iterable<string>): string {
  return [name, ...new Set(sources)].join(' ');
}

/**
 * Returns the Content Security Policy of a page. It allows resources of this site, and every inline script and style by
 * its SHA-256 hash. `wasm` says whether the page runs WebAssembly (search). The server sends `frame-ancestors` as a
 * header, because a meta element cannot set it.
 */
function policyOf(html: string, { wasm }: { wasm: boolean }): string {
  const scripts: string[] = [];
  const styles: string[] = [];
  for (const [, element = '', attributes = '', content = ''] of html.matchAll(INLINE)) {
    if (element.toLowerCase() === 'style') styles.push(hashSource(content));
    else if (!/\bsrc\s*=|\btype="application\/ld\+json"/iu.test(attributes)) scripts.push(hashSource(content));
  }
  return [
    "default-src 'none'",
    directive('script-src', ["'self'", ...(wasm ? ["'wasm-unsafe-eval'"] : []), ...scripts]),
    directive('style-src', ["'self'", ...styles]),
    ...(/\sstyle="/u.test(html) ? ["style-src-attr 'unsafe-inline'"] : []),
    "img-src 'self' data:",
    "connect-src 'self'",
    ...(wasm ? ["worker-src 'self'"] : []),
    "base-uri 'none'",
    "form-action 'self'",
  ].join('; ');
}

const CHARSET = /<meta charset="?utf-8"?\s*\/?>/iu;

/**
 * Returns the HTML of a page with its Content Security Policy in a meta element directly after the charset.
 *
 * @throws Error if the page has no `<meta charset="utf-8">`.
 */
export function withPolicy(html: string, options: { wasm: boolean }): string {
  if (!CHARSET.test(html)) throw new Error('A page lacks <meta charset="utf-8"> at the start of its head.');
  const meta = `<meta http-equiv="content-security-policy" content="${policyOf(html, options)}">`;
  return html.replace(CHARSET, (charset) => charset + meta);
}
