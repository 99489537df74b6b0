// npm run bench:attack [-- --only KIND]: starts a desk on this machine, sends hostile requests to it, and prints for
// each kind how many were refused and what got through. `--only` selects kinds that contain the text. No request may
// change anything of the desk or the site. Exits with 1 if a request got through, or if a request by a person with the
// permission was refused.
import { parseArgs } from 'node:util';
import { addresses } from './attack/addresses.ts';
import { isRefusal, type Attack } from './attack/attack.ts';
import { objects, texts, uploads, withdrawn } from './attack/contents.ts';
import { foreignActions, foreignAddresses } from './attack/foreign.ts';
import { aboveRole, withoutSession } from './attack/roles.ts';
import { injectTrailers } from './attack/trailers.ts';
import { hosts, methods, otherSites, sizes, smuggled } from './attack/transport.ts';
import { cookies, links, redirects, signIns } from './attack/ways-in.ts';
import { SECRET, World } from './attack/world.ts';
import { aligned } from './table.ts';

const { values } = parseArgs({ options: { only: { type: 'string', default: '' } } });

/** The results of all attacks of one kind. */
interface Tally {
  sent: number;
  refused: number;
  /**
   * Number of similar requests that were permitted and got status 200: a desk that refuses everything would have none.
   */
  granted: number;
}

const world = await World.open();
try {
  const attacks = [
    ...foreignActions(world),
    ...foreignAddresses(world),
    ...withoutSession(world),
    ...aboveRole(world),
    ...addresses(world),
    ...otherSites(),
    ...hosts(world),
    ...smuggled(world),
    ...methods(),
    ...sizes(),
    ...cookies(world),
    ...links(world),
    ...redirects(world),
    ...signIns(),
    ...texts(world),
    ...objects(),
    ...uploads(),
    ...withdrawn(world),
  ].filter(({ kind }) => kind.includes(values.only));
  const tallies = new Map<string, Tally>();
  const through: string[] = [];
  const broken: string[] = [];

  async function attempt(attack: Attack, tally: Tally): Promise<void> {
    const { kind, name, as, request, entitled, harmless, refused = isRefusal } = attack;
    const before = world.state();
    const answer = 'lines' in request ? await world.sendLines(request.lines) : await world.send(as, request);
    tally.sent += 1;
    const faults = [
      ...(refused(answer) ? [] : [`answered ${answer.status} ${answer.location}`]),
      // Authors may see the secret: it is in their own entries.
      ...(as !== 'author' && answer.text.includes(SECRET) ? ['revealed a secret'] : []),
      ...(world.state() === before ? [] : ['changed something']),
    ];
    if (faults.length === 0) tally.refused += 1;
    else through.push(`${kind}: ${name}: ${faults.join(', ')}`);
    const like = harmless ?? (entitled !== undefined && 'method' in request ? request : undefined);
    if (!like) return;
    const { status } = await world.send(entitled ?? as, like);
    if (status === 200) tally.granted += 1;
    else broken.push(`${kind}: ${name}: ${status} for ${entitled ?? as}`);
  }

  for (const attack of attacks) {
    const tally = tallies.get(attack.kind) ?? { sent: 0, refused: 0, granted: 0 };
    tallies.set(attack.kind, tally);
    await attempt(attack, tally);
  }
  for (const { kind, name, request, afterwards } of attacks) {
    if (afterwards === undefined || 'lines' in request) continue;
    const { status, text } = await world.send(afterwards, request);
    const tally = tallies.get(kind);
    if (status === 200 && tally) tally.granted += 1;
    else broken.push(`${kind}: ${name}: ${status} for ${afterwards}: ${text.slice(0, 200)}`);
  }
  if ('lines in commits'.includes(values.only)) {
    const { sent, through: written } = await injectTrailers(world);
    tallies.set('lines in commits', { sent, refused: sent - written.length, granted: sent - written.length });
    through.push(...written.map((name) => `lines in commits: ${name}`));
  }

  const rows = [...tallies].map(([kind, { sent, refused, granted }]) => [
    kind,
    ...[sent, refused, sent - refused, granted].map(String),
  ]);
  const sum = (of: (tally: Tally) => number): string =>
    String([...tallies.values()].reduce((all, one) => all + of(one), 0));
  const total = [
    'all',
    sum(({ sent }) => sent),
    sum(({ refused }) => refused),
    sum(({ sent, refused }) => sent - refused),
    sum(({ granted }) => granted),
  ];
  console.log(aligned([['kind', 'sent', 'refused', 'through', 'granted if permitted'], ...rows, total]));
  for (const line of through) console.log(`  through: ${line}`);
  for (const line of broken) console.log(`  not granted although permitted: ${line}`);
  if (through.length + broken.length > 0) process.exitCode = 1;
} finally {
  await world.close();
}
