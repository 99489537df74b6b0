import { createHash } from 'node:crypto';

const INLINE = /<(script|style)\b([^>]*)>([\s\S]*?)<\/\1>/giu;

function hashSource(content: string): string {
  return `'sha256-${createHash('sha256').update(content).digest('base64')}'`;
}

/** Sources of a directive, without repetition. */
function directive(name: string, sources: Iterable<string>): string {
  return [name, ...new Set(sources)].join(' ');
}

/**
 * The Content Security Policy of a page: nothing but this site, every inline script and style by its hash.
 * `wasm`: the page runs WebAssembly (search). What a meta element cannot say (frame-ancestors) the server says.
 */
export function policyOf(html: string, { wasm }: { wasm: boolean }): string {
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

/** The page with its policy, right behind the charset. Throws where a page does not begin with its charset. */
export function withPolicy(html: string, options: { wasm: boolean }): string {
  if (!CHARSET.test(html)) throw new Error('A page lacks <meta charset="utf-8"> at the start of its head.');
  const meta = `<meta http-equiv="content-security-policy" content="${policyOf(html, options)}">`;
  return html.replace(CHARSET, (charset) => charset + meta);
}
