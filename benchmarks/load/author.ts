import { DeskClient, PASSWORD } from '../../tests/fixtures/desk/desk-client.ts';

/**
 * Invites an author of a unit and accepts the invitation. `administrator` must be signed in. Resolves to the author's
 * client, which is signed in.
 * @throws Error if either fails.
 */
export async function invitedAuthor(administrator: DeskClient, unit: string): Promise<DeskClient> {
  const response = await administrator.form('/desk/people/invite', { name: '压测作者', role: 'author', unit });
  const [link] = /http:[^"\s<]+\/desk\/invitation\?token=[\w-]+/u.exec(await response.text()) ?? [];
  if (link === undefined) throw new Error(`Nobody could be invited: ${response.status}.`);
  const author = new DeskClient(administrator.origin);
  const status = await author.follow(link, { login: 'attacker', password: PASSWORD, name: '压测作者' });
  if (status !== 303) throw new Error(`The invitation was not accepted: ${status}.`);
  return author;
}
