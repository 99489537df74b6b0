import { z } from 'zod';

/** Parses a text column that may be null: null becomes undefined. */
export const optionalText = z
  .string()
  .nullable()
  .transform((value) => value ?? undefined);

/** Parses a column with a JSON array of texts. Throws SyntaxError if the column is no JSON. */
export const textList = z.string().transform((json) => z.array(z.string()).parse(JSON.parse(json)));
