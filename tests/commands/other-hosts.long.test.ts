// No command connects to another host: the server may have no access to the internet, and no other company may learn
// who reads the site.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RunningCommand } from '../fixtures/command.ts';
import { FixtureContent, writeGround, writeStory } from '../fixtures/content.ts';

const HOOK = fileURLToPath(new URL('../fixtures/connections-log.mjs', import.meta.url));

let content: FixtureContent;
let folder: string;

beforeAll(() => {
  content = new FixtureContent();
  writeGround(content, ['jiefang']);
  writeStory(content, '20210319-213000ef', 'jiefang');
  folder = mkdtempSync(join(tmpdir(), 'hosts-'));
});

afterAll(() => {
  content.dispose();
  rmSync(folder, { recursive: true, force: true });
});

/**
 * Returns the environment of a command that starts without any cache or data. `hosts` returns the hosts to which the
 * command connected.
 */
function watched(name: string): { environment: Record<string, string>; hosts: () => string[] } {
  const log = join(folder, `${name}.log`);
  const environment = {
    HOME: join(folder, name),
    NODE_OPTIONS: `--import=${HOOK}`,
    CONNECTIONS_LOG: log,
    CONTENT_DIR: content.root,
    CACHE_DIR: join(folder, name, 'cache'),
    DATA_DIR: join(folder, name, 'data'),
    OUT_DIR: join(folder, name, 'dist'),
    PORT: '0',
  };
  return { environment, hosts: () => (existsSync(log) ? readFileSync(log, 'utf8').split('\n').filter(Boolean) : []) };
}

test.each([
  ['build', {}],
  ['build', { STATIC: '1' }],
])('npm run %s asks no other host: %o', async (name, more) => {
  const { environment, hosts } = watched(name + Object.keys(more).join(''));
  const command = new RunningCommand(name, { ...environment, ...more });
  expect(await command.ended(), command.output).toBe(0);
  expect(hosts()).toEqual([]);
});

test('npm start asks no other host', async () => {
  const { environment, hosts } = watched('start');
  const command = new RunningCommand('start', environment);
  await command.printed(/\/desk\/first\?token=/u);
  expect(await command.stop()).toBe(0);
  expect(hosts()).toEqual([]);
});

test('the log sees what is asked', async () => {
  const { environment, hosts } = watched('photo');
  const command = new RunningCommand(
    'photo',
    environment,
    [],
    [process.execPath, '--input-type=module', '-e', "await fetch('http://host.invalid/').catch(() => undefined)", '--'],
  );
  await command.ended();
  expect(hosts()).toContain('host.invalid');
});
