// After every change of refs, the catalogue equals one that is made from git.
import { writeFileSync } from 'node:fs';
import { stringify } from 'yaml';
import { describe, expect, test } from 'vitest';
import { entryRefAt } from '../../../src/desk/domain/entry-ref.ts';
import { MAIN } from '../../../src/desk/storage/repository.ts';
import { CatalogueTrial, contentOf, LI, ZHAO } from '../../fixtures/catalogue/trial.ts';
import { exampleData, markdown, storyData, summaryData, wishData } from '../../fixtures/content.ts';
import { Random } from '../../fixtures/random.ts';
import { seedsOf, sized } from '../../run-size.ts';

const UNITS = ['jiefang', 'wenxian', 'mengzhou'];
const ACTIVITIES = ['legal-aid', 'culture', 'micro-wishes'];
const WORDS = [
  '志愿',
  '志願',
  '服务',
  '社区',
  'Ａ座',
  '3月',
  '7.20',
  'covid-19',
  '\0',
  '"',
  '*',
  '👩‍👩‍👧',
  'e\u0301',
  '\uFEFF',
];
const ODD = ['', '---\n', '---\ntitle: [\n---\n', '没有信息栏', '\0\0', 'title: "\\uD800\\0"\n', '---\n- 1\n---\n'];

function someText(random: Random, file: string): string {
  if (random.next() < 0.1) return random.pick(ODD);
  const [collection, unit = '', last = ''] = file.split('/');
  const words = Array.from({ length: random.between(1, 8) }, () => random.pick(WORDS)).join(
    random.pick(['', ' ', '，']),
  );
  const period = random.next() < 0.5 ? { period: random.pick(['2021-04', '2021-07', '不对']) } : {};
  const activity = random.pick(ACTIVITIES);
  const date = random.pick(['2021-03-17', '2020-02-29', '2021-02-30']);
  switch (collection) {
    case 'stories':
      return markdown(storyData(last, unit, { title: words, activity, date, ...period }), words);
    case 'examples': {
      const activities = [activity, random.pick(ACTIVITIES)];
      return markdown(exampleData(last, unit, { name: words, activities, ...period }), words);
    }
    case 'summaries':
      return markdown(summaryData(unit, Number(last)), words);
    default:
      return stringify(
        wishData('20210319-213000aa', random.pick(UNITS), { wish: words, state: random.pick(['open', 'withdrawn']) }),
      );
  }
}

function someFile(random: Random): string {
  const unit = random.pick(UNITS);
  const id = `20210319-21300${random.between(0, 5)}ef`;
  return random.pick([
    `stories/${unit}/${id}/index.md`,
    `examples/${unit}/${id}/index.md`,
    `summaries/${unit}/202${random.between(0, 2)}/index.md`,
    `wishes/${id}.yml`,
  ]);
}

/** Makes one change; returns its name. */
async function change(random: Random, trial: CatalogueTrial): Promise<string> {
  const file = someFile(random);
  const name = entryRefAt(file);
  const all = await trial.drafts.all();
  const draft = all.length > 0 ? random.pick(all) : undefined;
  const kind = random.between(0, 13);
  if (kind <= 4 || !draft) {
    const text = random.next() < 0.03 ? undefined : someText(random, file);
    if (text !== undefined || (await trial.drafts.find(name))) await trial.save(file, text, random.pick([LI, ZHAO]));
    return `save ${file}`;
  }
  if (kind <= 6) {
    const state = random.pick(['draft', 'pending_review', 'pending_publish'] as const);
    await trial.drafts.move(draft, state, ZHAO, state === 'draft' && random.next() < 0.5 ? '请改标题' : undefined);
    return `${state} ${draft.name.file}`;
  }
  if (kind <= 8) return `publish ${draft.name.file} ${await trial.publish(draft.name)}`;
  if (kind === 9) {
    await trial.drafts.remove(draft);
    return `delete draft ${draft.name.file}`;
  }
  const head = await trial.repository.head();
  const published = (await trial.repository.files(head)).map(({ path }) => path);
  const one = random.pick(published);
  if (kind === 10) {
    await trial.withdraw(one);
    return `withdraw ${one}`;
  }
  if (kind === 11) {
    await trial.commit({
      [file]: someText(random, file),
      [one]: one === 'site.yml' || one === file ? 'name: x\n' : undefined,
    });
    return `commit ${file}, delete ${one}`;
  }
  if (kind === 12) {
    // Main is set back by hand.
    const [, parent] = /^parent ([0-9a-f]+)$/mu.exec(await trial.repository.commitText(head)) ?? [];
    if (parent !== undefined) await trial.repository.move([{ ref: MAIN, from: head, to: parent }]);
    return 'set back';
  }
  const both = [someFile(random), someFile(random)].filter((path) => path !== file);
  await Promise.all([file, ...new Set(both)].map(async (path) => trial.save(path, someText(random, path))));
  return 'several saves at once';
}

describe.each(seedsOf('catalogue', 19))('seed %i', (seed) => {
  test('random changes', { timeout: sized({ usual: 120_000, long: 3_600_000 }) }, async () => {
    const random = new Random(seed);
    const trial = await CatalogueTrial.make();
    const steps: string[] = [];
    try {
      for (let step = 0; step < sized({ usual: 60, long: 1000 }); step += 1) {
        const how = random.between(0, 9);
        const work = async (): Promise<void> => void steps.push(await change(random, trial));
        if (how === 0) await trial.unnoticed(work);
        else if (how === 1) await trial.reopened(async () => trial.unnoticed(work));
        else if (how === 2 && random.next() < 0.2) {
          await trial.reopened(() => writeFileSync(trial.file, random.pick(['', 'no database', '\0'.repeat(9000)])));
        } else await work();
        expect(await contentOf(trial.catalogue), steps.slice(-3).join('; ')).toEqual(await trial.fromGit());
      }
      expect(trial.troubles).toEqual([]);
    } finally {
      await trial.dispose();
    }
  });
});
