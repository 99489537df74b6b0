import type { DatabaseSync } from 'node:sqlite';
import { Refusal } from '../domain/refusal.ts';
import type { Accounts, NewAccount } from './accounts.ts';
import type { Editor } from '../domain/editor.ts';
import { linkEnded, type InvitationLink, type Link, type Links } from './one-time-links.ts';
import { moveOldLinks } from './migrate-links.ts';

/** An invitation that can still be accepted. */
export interface Invitation extends Pick<InvitationLink, 'role' | 'unit' | 'name' | 'issuer' | 'expires'> {
  /** The hash of its token. */
  hash: string;
  /** Name of the administrator who issued it. */
  issuerName: string;
}

/** Role, unit and name of an invited person. */
export type Invited = Pick<Invitation, 'role' | 'unit' | 'name'>;

/** What somebody types who accepts an invitation. */
type Accepted = Pick<NewAccount, 'login' | 'name' | 'password'>;

function invitationOf({ hash, role, unit, name, issuer, issuerName, expires }: InvitationLink): Invitation {
  return { hash, role, unit, name, issuer, issuerName, expires };
}

/** Invitations and the link for the first administrator: links that create an account, each once. */
export class Invitations {
  readonly #accounts: Accounts;
  readonly #links: Links;

  /**
   * Opens the invitations of a database that no other process writes. Earlier links for the first administrator end.
   */
  constructor(database: DatabaseSync, accounts: Accounts) {
    this.#accounts = accounts;
    this.#links = accounts.links;
    moveOldLinks(database);
    this.#links.endFirst();
  }

  /**
   * Returns the token of a new link for the first administrator, or undefined if there are accounts already. The link
   * before it ends.
   */
  first(): string | undefined {
    if (this.#accounts.all().length > 0) return undefined;
    this.#links.endFirst();
    return this.#links.issue({ kind: 'first' });
  }

  /** Returns whether a token can create the first administrator now. */
  isFirst(token: string): boolean {
    return this.#findFirst(token) !== undefined;
  }

  /** Creates the first administrator. @throws Refusal; if the account was refused, the link can be used again. */
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
   * Returns the token of a new invitation. @throws Refusal 403 if `by` is no longer an administrator, 422 if an author
   * has no unit.
   */
  issue({ role, unit, name }: Invited, by: Editor): string {
    if (role === 'author' && unit === undefined) throw new Refusal(422, '请选作者的单位：作者只能写本单位的稿件。');
    if (!this.#accounts.isAdministrator(by.id)) throw new Refusal(403, '您已经不是管理员，没有发出邀请。');
    const invited = { role, unit, name: name.trim().slice(0, 20) };
    return this.#links.issue({ kind: 'invitation', ...invited, issuer: by.id, issuerName: by.name });
  }

  /** Returns the invitations that can be accepted, ordered by when they expire. */
  open(): Invitation[] {
    return this.#links
      .invitations()
      .filter((link) => this.#isGood(link))
      .map(invitationOf);
  }

  /** Returns the invitation of a token. @throws Refusal 403 if it is used, expired, ended or unknown. */
  require(token: string): Invitation {
    return invitationOf(this.#require(token));
  }

  /** Revokes an invitation by the hash of its token. @throws Refusal 404 if it is used or revoked already. */
  revoke(hash: string): void {
    if (!this.#links.endInvitation(hash)) throw new Refusal(404, '这个邀请已经用过或已收回。');
  }

  /**
   * Creates the account of an invitation, and ends the other invitations for the same name, role and unit: they were
   * issued for the same person. @throws Refusal; if the account was refused, the invitation can be accepted again.
   */
  async accept(token: string, account: Accepted): Promise<Editor> {
    const link = this.#require(token);
    const { role, unit } = link;
    const editor = await this.#links.use(link, async () =>
      this.#accounts.create({ ...account, role, unit }, () => {
        // The issuer may have been disabled while the password was judged and hashed.
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

  /** An invitation is valid only while its issuer is an administrator who is not disabled. */
  #isGood({ issuer }: InvitationLink): boolean {
    return this.#accounts.isAdministrator(issuer);
  }
}
