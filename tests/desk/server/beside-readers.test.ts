// Long work on one author's text delays neither readers nor other editors.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tinyPhotos } from '../../fixtures/content.ts';
import { writtenStory, type DeskClient } from '../../fixtures/desk/desk-client.ts';
import { DeskSite } from '../../fixtures/desk/desk-site.ts';

let site: DeskSite;
let zhao: DeskClient;
let qian: DeskClient;
let names: string[];

beforeAll(async () => {
  site = await DeskSite.open();
  zhao = await site.client({ login: 'zhao', name: '赵甲', role: 'author', unit: 'jiefang' });
  qian = await site.client({ login: 'qian', name: '钱乙', role: 'author', unit: 'jiefang' });
  names = await zhao.photos(tinyPhotos.a, tinyPhotos.b);
});

afterAll(async () => {
  expect(site.troubles).toEqual([]);
  await site.dispose();
});

/** Commits two versions of a story to main. Returns path and query of the page that compares them. */
function comparison(id: string, before: string, after: string): string {
  const commits = [before, after].map((body) => {
    site.commitToMain(`stories/jiefang/${id}/index.md`, writtenStory('jiefang', id, [], {}, body).raw);
    return site.git('rev-parse', 'main');
  });
  return `/desk/history/stories/jiefang/${id}/index?from=${commits[0]}&to=${commits[1]}`;
}

async function preview(client: DeskClient, id: string, body: string): Promise<{ status: number; text: string }> {
  const { raw } = writtenStory('jiefang', id, names, {}, body);
  const response = await client.request('/api/preview', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ path: `stories/jiefang/${id}/index.md`, raw }),
  });
  return { status: response.status, text: await response.text() };
}

test('During a long comparison another editor gets short ones and a reader pages', async () => {
  const lines = (step: number): string =>
    Array.from({ length: 240_000 }, (_, at) => `${(at * step) % 240_000}\n`).join('');
  const long = comparison('20210401-080000aa', lines(1), lines(7919));
  const short = comparison('20210401-080001aa', '原来的话。', '后来的话。');
  // Starts the threads, so that the test does not measure their start.
  await Promise.all([zhao, qian].map(async (client) => (await client.request(short)).text()));

  let over = false;
  const longAnswer = zhao.request(long).then(async (response) => {
    over = true;
    await response.text();
    return response.status;
  });
  // Six rounds cannot all end before the comparison starts: reading the two versions takes less time than six rounds.
  const meanwhile: string[] = [];
  while (!over && meanwhile.length < 6) {
    const page = await (await qian.request(short)).text();
    expect(page).toMatch(/<ins><span[^>]*>[^<]*<\/span>后来</u);
    expect((await fetch(`${site.desk.origin}/`)).status).toBe(200);
    if (!over) meanwhile.push('short and page');
  }
  expect(meanwhile).toHaveLength(6);
  // The status is 422 if the machine is so slow that the comparison exceeds its time limit.
  expect([200, 422]).toContain(await longAnswer);
});

test('A preview does not wait for ten previews of another editor', async () => {
  const events: string[] = [];
  const table = `|a|b|\n|-|-|\n${'|x|y|\n'.repeat(8000)}`;
  const first = Promise.withResolvers<string>();
  const ten = Array.from({ length: 10 }, async (_, at) => {
    const { status } = await preview(zhao, `20210402-0800${String(at).padStart(2, '0')}aa`, table);
    events.push(`zhao ${status}`);
    first.resolve('answered');
  });
  await first.promise;
  const { status } = await preview(qian, '20210403-080000aa', '一句话。');
  events.push('qian');
  await Promise.all(ten);
  expect(status).toBe(200);
  expect(events.filter((event) => event === 'zhao 200')).toHaveLength(10);
  expect(events.indexOf('qian')).toBeLessThan(7);
});

test('Of simultaneous previews of one story, outdated ones are refused and not rendered', async () => {
  const table = `|a|b|\n|-|-|\n${'|x|y|\n'.repeat(8000)}`;
  const answers = await Promise.all(Array.from({ length: 8 }, async () => preview(zhao, '20210404-080000aa', table)));
  const made = answers.filter(({ status }) => status === 200);
  const dropped = answers.filter(({ status }) => status === 409);
  expect(made.length + dropped.length).toBe(8);
  expect(made.length).toBeGreaterThan(0);
  expect(dropped.length).toBeGreaterThan(0);
  for (const { text } of dropped) expect(text).toContain('只做最新的一次');
});
