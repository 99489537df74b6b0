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
    // Required and unused: better-auth's own routes are not served, the desk calls it directly.
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
    // Reading a session must not change it: otherwise a clock that is wrong for an hour would delete every session that
    // has ended by it, and sign everybody out permanently.
    session: { expiresIn: SESSION, updateAge: PROLONGED_AFTER, deferSessionRefresh: true },
    user: { additionalFields: { unit: { type: 'string', required: false, input: false } } },
    advanced: {
      cookiePrefix: 'desk',
      // The desk adds `Secure` if the request came over https.
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

/** better-auth as it is configured here; it stores passwords and sessions. */
export type Authentication = ReturnType<typeof build>;

/** Opens better-auth on the desk's database, and creates or migrates its tables. */
export async function openAuthentication(database: DatabaseSync, work: PasswordHashing): Promise<Authentication> {
  const { runMigrations } = await getMigrations(optionsOf(database, work));
  await runMigrations();
  return build(database, work);
}
