import type { DatabaseSync } from 'node:sqlite';
import { betterAuth, type BetterAuthOptions } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { admin, username } from 'better-auth/plugins';
import { adminAc, userAc } from 'better-auth/plugins/admin/access';
import { LEAST_PASSWORD, MOST_PASSWORD } from './password-length.ts';
import type { PasswordHashing } from './password-work.ts';
import { PROLONGED_AFTER, SESSION } from './session-length.ts';
import { secretOf } from './signing-keys.ts';

function optionsOf(database: DatabaseSync, { hash, verify }: PasswordHashing) {
  return {
    database,
    // better-auth requires a URL for its HTTP routes. The desk does not have these routes: it calls better-auth's
    // functions.
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
    // Reading a session must not change the database. Otherwise, while the clock is wrong for an hour, better-auth
    // would delete every session that seems expired, and everybody would stay signed out.
    session: { expiresIn: SESSION, updateAge: PROLONGED_AFTER, deferSessionRefresh: true },
    user: { additionalFields: { unit: { type: 'string', required: false, input: false } } },
    advanced: {
      cookiePrefix: 'desk',
      // `setCookies` (session-guards.ts) adds `Secure` if the browser uses https.
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

/** better-auth with the configuration of this file. It stores accounts, password hashes and sessions. */
export type Authentication = ReturnType<typeof build>;

/**
 * Creates or migrates better-auth's tables in the desk's database, and resolves to better-auth.
 * @param work hashes and verifies passwords.
 */
export async function openAuthentication(database: DatabaseSync, work: PasswordHashing): Promise<Authentication> {
  const { runMigrations } = await getMigrations(optionsOf(database, work));
  await runMigrations();
  return build(database, work);
}
