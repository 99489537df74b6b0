// npm run bench:kill [-- N --writers 20 --seed 1]: kills the desk N times (100) while `--writers` people write, and
// counts what is lost. Exits with 1 if something that the desk had acknowledged is lost.
import { parseArgs } from 'node:util';
import { KilledDesk } from '../tests/fixtures/desk/killed-desk.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { writers: { type: 'string', default: '20' }, seed: { type: 'string', default: '1' } },
});
const kills = Number(positionals[0] ?? 100);
if (!Number.isSafeInteger(kills) || kills < 1) throw new Error(`${positionals[0]} is no number of kills.`);

const desk = new KilledDesk(Number(values.seed));
try {
  for (let kill = 1; kill <= kills; kill += 1) {
    await desk.kill(Number(values.writers));
    const { saves, publications } = desk.counts;
    console.log(`${kill} kills, ${saves} saves and ${publications} publications acknowledged`);
  }
  await desk.check();
  const { saves, publications, lost } = desk.counts;
  console.log(`\n${kills} kills, ${saves} saves and ${publications} publications acknowledged, lost ${lost.length}`);
  for (const one of lost) console.log(one);
  if (lost.length > 0) process.exitCode = 1;
} finally {
  desk.dispose();
}
