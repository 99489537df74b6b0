// What S3 writes as XML: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html, and the format of errors.
import { SaxesParser } from 'saxes';

/** A page of a list of objects. */
export interface S3List {
  objects: readonly { key: string; size: number }[];
  /** What to ask the next page with; undefined on the last. */
  next: string | undefined;
}

/**
 * Returns the texts of all elements of an answer, by their paths without the root (`Contents/Key`), in their order.
 * @throws Error if the answer is not complete XML: a list that was cut off must not count as the whole list.
 */
function elementsOf(xml: string): { path: string; text: string }[] {
  const found: { path: string; text: string }[] = [];
  const path: string[] = [];
  let text = '';
  const parser = new SaxesParser({ position: false });
  const addText = (part: string): void => {
    text += part;
  };
  parser.on('doctype', () => {
    throw new Error('A document type is no part of an answer');
  });
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name }) => {
    path.push(name);
    text = '';
  });
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('closetag', () => {
    found.push({ path: path.slice(1).join('/'), text });
    path.pop();
    text = '';
  });
  parser.write(xml).close();
  if (found.length === 0) throw new Error('No element');
  return found;
}

/** Returns a page of a list. @throws Error if the answer is anything else. */
export function parseList(xml: string): S3List {
  const elements = elementsOf(xml);
  const textsOf = (wanted: string): string[] => elements.filter(({ path }) => path === wanted).map(({ text }) => text);
  const keys = textsOf('Contents/Key');
  const sizes = textsOf('Contents/Size');
  const [truncated] = textsOf('IsTruncated');
  const [next] = textsOf('NextContinuationToken');
  const wrong =
    keys.length !== sizes.length ||
    !sizes.every((size) => /^\d+$/u.test(size)) ||
    !/^(?:true|false)$/u.test(truncated ?? '');
  if (wrong || (truncated === 'true' && !next)) throw new Error('Not a list of objects');
  return {
    objects: keys.map((key, index) => ({ key, size: Number(sizes[index]) })),
    next: truncated === 'true' ? next : undefined,
  };
}

/** Returns the code of an error (`NoSuchKey`); empty if there is none. */
export function parseErrorCode(xml: string): string {
  try {
    return elementsOf(xml).find(({ path }) => path === 'Code')?.text ?? '';
  } catch {
    return '';
  }
}

/** Returns whether a bucket keeps versions of deleted objects, according to its configuration (GetBucketVersioning). */
export function isVersioned(xml: string): boolean {
  return elementsOf(xml).some(({ path, text }) => path === 'Status' && text === 'Enabled');
}
