import type { DatabaseSync } from 'node:sqlite';
import { betterAuth, type BetterAuthOptions } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { admin, username } from 'better-auth/plugins';
import { adminAc, userAc } from 'better-auth/plugins/admin/access';
import { LEAST_PASSWORD, MOST_PASSWORD } from './password-length.ts';
import type { PasswordHashing } from './password-work.ts';
import { secretOf } from './secrets.ts';

/** How long a session lasts in seconds: a working week, so that nobody is thrown out while writing. */
const SESSION = 7 * 24 * 3600;
/** A session that is used is prolonged once in this time, in seconds. */
const PROLONGED_AFTER = 24 * 3600;

function optionsOf(database: DatabaseSync, { hash, verify }: PasswordHashing) {
  return {
    database,
    // Nothing is reached through it: none of the library's own addresses is served, the desk calls it directly.
    baseURL: 'http://localhost',
    secret: secretOf(database, 'cookies'),
    telemetry: { enabled: false },
    logger: { disabled: true },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: LEAST_PASSWORD,
      maxPasswordLength: MOST_PASSWORD,
      password: { hash, verify },
    },
    // Looking at a session changes nothing: else one that has ended by a clock that is wrong for an hour is deleted, and
    // everybody is signed out for good.
    session: { expiresIn: SESSION, updateAge: PROLONGED_AFTER, deferSessionRefresh: true },
    user: { additionalFields: { unit: { type: 'string', required: false, input: false } } },
    advanced: {
      cookiePrefix: 'desk',
      // The desk adds `Secure` where the browser came by https.
      useSecureCookies: false,
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax' },
      ipAddress: { disableIpTracking: true },
    },
    plugins: [
      username({ minUsernameLength: 2, maxUsernameLength: 30 }),
      admin({
        roles: { author: userAc, reviewer: userAc, administrator: adminAc },
        defaultRole: 'author',
        adminRoles: ['administrator'],
      }),
    ],
  } satisfies BetterAuthOptions;
}

function build(database: DatabaseSync, work: PasswordHashing) {
  return betterAuth(optionsOf(database, work));
}

/** The library that keeps passwords and sessions, as it is set up here. */
export type Authentication = ReturnType<typeof build>;

/** Sets the library up on the desk's database. */
export async function openAuthentication(database: DatabaseSync, work: PasswordHashing): Promise<Authentication> {
  const { runMigrations } = await getMigrations(optionsOf(database, work));
  await runMigrations();
  return build(database, work);
}
