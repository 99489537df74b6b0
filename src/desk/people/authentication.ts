import type { DatabaseSync } from 'node:sqlite';
import { betterAuth, type BetterAuthOptions } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { admin, username } from 'better-auth/plugins';
import { adminAc, userAc } from 'better-auth/plugins/admin/access';
import { newToken } from './tokens.ts';
import { LEAST_PASSWORD, MOST_PASSWORD } from './passwords.ts';

/** How long a session lasts in seconds: a working week, so that nobody is thrown out while writing. */
const SESSION = 7 * 24 * 3600;
/** A session that is used is prolonged once in this time, in seconds. */
const PROLONGED_AFTER = 24 * 3600;
/** How long a link for a new password is good for, in seconds. */
export const PASSWORD_LINK = 24 * 3600;

/** What the library tells of passwords, by mail address. */
export interface PasswordNews {
  /** A link for a new password was asked for; its token. */
  link(mail: string, token: string): void;
  /** A new password was set by such a link. */
  set(mail: string): void;
}

/** The key that cookies are signed with: made once, kept in the database. */
function secretOf(database: DatabaseSync): string {
  database.exec('CREATE TABLE IF NOT EXISTS secrets (name TEXT PRIMARY KEY, value TEXT NOT NULL)');
  database.prepare("INSERT OR IGNORE INTO secrets VALUES ('cookies', ?)").run(newToken());
  return String(database.prepare("SELECT value FROM secrets WHERE name = 'cookies'").get()?.['value']);
}

function optionsOf(database: DatabaseSync, hear: PasswordNews) {
  return {
    database,
    // Nothing is reached through it: none of the library's own addresses is served, the desk calls it directly.
    baseURL: 'http://localhost',
    secret: secretOf(database),
    telemetry: { enabled: false },
    logger: { disabled: true },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: LEAST_PASSWORD,
      maxPasswordLength: MOST_PASSWORD,
      resetPasswordTokenExpiresIn: PASSWORD_LINK,
      revokeSessionsOnPasswordReset: true,
      sendResetPassword: async ({ user, token }: { user: { email: string }; token: string }) =>
        hear.link(user.email, token),
      onPasswordReset: async ({ user }: { user: { email: string } }) => hear.set(user.email),
    },
    session: { expiresIn: SESSION, updateAge: PROLONGED_AFTER },
    verification: { storeIdentifier: 'hashed' },
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

function build(database: DatabaseSync, hear: PasswordNews) {
  return betterAuth(optionsOf(database, hear));
}

/** The library that keeps passwords and sessions, as it is set up here. */
export type Authentication = ReturnType<typeof build>;

/** Sets the library up on the desk's database. */
export async function openAuthentication(database: DatabaseSync, hear: PasswordNews): Promise<Authentication> {
  const { runMigrations } = await getMigrations(optionsOf(database, hear));
  await runMigrations();
  return build(database, hear);
}
