import type { DatabaseSync } from 'node:sqlite';
import { Refusal } from '../domain/refusal.ts';
import type { Accounts, NewAccount } from './accounts.ts';
import type { Editor } from '../domain/editor.ts';
import { linkEnded, type InvitationLink, type Link, type Links } from './one-time-links.ts';
import { moveOldLinks } from './migrate-links.ts';

/** An invitation that can still be accepted. */
export interface Invitation extends Pick<InvitationLink, 'role' | 'unit' | 'name' | 'issuer' | 'expires'> {
  /** Hash of the invitation's token (hashOfToken). */
  hash: string;
  /** Name of the administrator who issued the invitation. */
  issuerName: string;
}

/** Role, unit code and name of a person to invite. */
export type Invited = Pick<Invitation, 'role' | 'unit' | 'name'>;

/** The fields that a person types to accept an invitation or to become the first administrator. */
type Accepted = Pick<NewAccount, 'login' | 'name' | 'password'>;

function invitationOf({ hash, role, unit, name, issuer, issuerName, expires }: InvitationLink): Invitation {
  return { hash, role, unit, name, issuer, issuerName, expires };
}

/** The one-time links that create an account: invitations, and the link for the first administrator. */
export class Invitations {
  readonly #accounts: Accounts;
  readonly #links: Links;

  /**
   * Moves the links of earlier versions into the current table, and deletes the link for the first administrator that
   * an earlier start has issued. No other process may write to the database.
   */
  constructor(database: DatabaseSync, accounts: Accounts) {
    this.#accounts = accounts;
    this.#links = accounts.links;
    moveOldLinks(database);
    this.#links.endFirst();
  }

  /**
   * Returns the token of a new link for the first administrator, and deletes the previous one. Returns undefined if
   * there is an account already.
   */
  first(): string | undefined {
    if (this.#accounts.all().length > 0) return undefined;
    this.#links.endFirst();
    return this.#links.issue({ kind: 'first' });
  }

  /** Returns whether a token belongs to a valid link for the first administrator. */
  isFirst(token: string): boolean {
    return this.#findFirst(token) !== undefined;
  }

  /**
   * Creates the account of the first administrator and resolves to its editor. If the account is refused, the link
   * stays valid.
   * @throws Refusal 403 if the link is not valid or there is an account already; otherwise as `Accounts.create`.
   */
  async acceptFirst(token: string, account: Accepted): Promise<Editor> {
    const link = this.#findFirst(token);
    if (!link) throw linkEnded();
    return this.#links.use(link, async () =>
      this.#accounts.create({ ...account, role: 'administrator', unit: undefined }, () => {
        if (this.#accounts.all().length > 0) throw linkEnded();
      }),
    );
  }

  /**
   * Returns the token of a new invitation. The invitation contains at most 20 characters of the name.
   * @param by the administrator who issues the invitation.
   * @throws Refusal 403 if `by` is no longer an administrator, 422 if an author has no unit.
   */
  issue({ role, unit, name }: Invited, by: Editor): string {
    if (role === 'author' && unit === undefined) throw new Refusal(422, '请选作者的单位：作者只能写本单位的稿件。');
    if (!this.#accounts.isAdministrator(by.id)) throw new Refusal(403, '您已经不是管理员，没有发出邀请。');
    const invited = { role, unit, name: name.trim().slice(0, 20) };
    return this.#links.issue({ kind: 'invitation', ...invited, issuer: by.id, issuerName: by.name });
  }

  /** Returns the invitations that can be accepted, sorted by the time when they expire. */
  open(): Invitation[] {
    return this.#links
      .invitations()
      .filter((link) => this.#isGood(link))
      .map(invitationOf);
  }

  /**
   * Returns the invitation of a token.
   * @throws Refusal 403 if the invitation is unknown, used, expired or revoked, or its issuer is no longer an
   * administrator.
   */
  require(token: string): Invitation {
    return invitationOf(this.#require(token));
  }

  /**
   * Revokes the invitation whose token has this hash.
   * @throws Refusal 404 if the invitation is used or revoked already.
   */
  revoke(hash: string): void {
    if (!this.#links.endInvitation(hash)) throw new Refusal(404, '这个邀请已经用过或已收回。');
  }

  /**
   * Creates the account for an invitation and resolves to its editor. Then revokes the other invitations for the same
   * name, role and unit, because they were issued for the same person. If the account is refused, the invitation stays
   * valid.
   * @throws Refusal 403 if the invitation is not valid (see `require`); otherwise as `Accounts.create`.
   */
  async accept(token: string, account: Accepted): Promise<Editor> {
    const link = this.#require(token);
    const { role, unit } = link;
    const editor = await this.#links.use(link, async () =>
      this.#accounts.create({ ...account, role, unit }, () => {
        // The issuer may have been disabled while the password was checked and hashed.
        if (!this.#isGood(link)) throw linkEnded();
      }),
    );
    this.#links.endInvitationsLike(link);
    return editor;
  }

  #findFirst(token: string): Link | undefined {
    const link = this.#links.find(token);
    return link?.kind === 'first' && this.#accounts.all().length === 0 ? link : undefined;
  }

  #require(token: string): InvitationLink {
    const link = this.#links.find(token);
    if (link?.kind !== 'invitation' || !this.#isGood(link)) throw linkEnded();
    return link;
  }

  /**
   * Returns whether the issuer of an invitation is still an administrator who is not disabled. Otherwise the invitation
   * is not valid.
   */
  #isGood({ issuer }: InvitationLink): boolean {
    return this.#accounts.isAdministrator(issuer);
  }
}
