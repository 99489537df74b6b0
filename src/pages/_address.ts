/**
 * Parses a part of a path as a positive integer. Returns undefined if the part is not a positive integer or has leading
 * zeros: then the path belongs to no page.
 */
export function numberIn(part: string | undefined): number | undefined {
  return part !== undefined && /^[1-9]\d*$/u.test(part) ? Number(part) : undefined;
}

/** Returns a response with status 404 and no body. */
export const notFound = () => new Response(null, { status: 404 });
