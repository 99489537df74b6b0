import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { nodeOptionsOf } from '../fixtures/command.ts';

test('The service of deploy/ gives Node the options of npm start, which bound its memory', () => {
  const options = nodeOptionsOf('start');
  expect(options.length).toBeGreaterThan(0);
  expect(readFileSync('deploy/with-you.service', 'utf8')).toContain(
    `/node ${options.join(' ')} src/commands/start.ts\n`,
  );
});
