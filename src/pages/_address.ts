/** Parses a part of an address as a number; undefined if it is none, so that the page does not exist. */
export function numberIn(part: string | undefined): number | undefined {
  return part !== undefined && /^[1-9]\d*$/u.test(part) ? Number(part) : undefined;
}

export const notFound = () => new Response(null, { status: 404 });
