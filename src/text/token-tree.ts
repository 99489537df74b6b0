// Runs in browser and Node: pure.
import type { Token } from './markdown.ts';

/** A block of a Markdown text: the token that opens it, and the blocks in it. An `inline` token has no blocks in it. */
export interface TokenBlock {
  token: Token;
  children: readonly TokenBlock[];
}

/** Returns the blocks of a Markdown text's tokens. */
export function tokenTree(tokens: readonly Token[]): TokenBlock[] {
  const top: TokenBlock[] = [];
  const open = [top];
  for (const token of tokens) {
    if (token.nesting < 0) {
      open.pop();
      continue;
    }
    const children: TokenBlock[] = [];
    open.at(-1)?.push({ token, children });
    if (token.nesting > 0) open.push(children);
  }
  return top;
}
