/** The number in a part of an address; undefined: it is none, so there is no such page. */
export function numberIn(part: string | undefined): number | undefined {
  return part !== undefined && /^[1-9]\d*$/u.test(part) ? Number(part) : undefined;
}

export const notFound = () => new Response(null, { status: 404 });
