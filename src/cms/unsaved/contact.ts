import { z } from 'zod';
import { ask } from '../backend/desk-client.ts';

const response = z.object({ contact: z.object({ phone: z.string(), email: z.string() }).optional() });

/** Phone and mail address of the site, from its settings. */
export type Contact = NonNullable<z.output<typeof response>['contact']>;

let current: Contact | undefined;

/** Returns the site's contact, as last loaded; undefined if the settings have none or it was not loaded. */
export function contact(): Contact | undefined {
  return current;
}

/** Loads the site's contact, so that it is at hand when something fails later. Never rejects. */
export async function loadContact(): Promise<void> {
  const { data } = response.safeParse(await ask('/api/contact').catch(() => undefined));
  current = data?.contact;
}
