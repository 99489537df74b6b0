// The search engine (WebAssembly) runs in the supported browsers and fits Pagefind's script:
// src/search/engine/README.md.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SIGNATURE } from '../../src/search/index/brotli-files.ts';
import { lowerEngine } from '../../src/search/index/engine-files.ts';
import { endIndexing, makeIndex } from '../../src/search/index/indexing.ts';
import { compiled, refusal } from '../fixtures/search/promised-webassembly.ts';
import { searchDocument } from '../fixtures/search/search-documents.ts';

const root = mkdtempSync(join(tmpdir(), 'engine-'));
const index = join(root, 'index');
const FILE = 'wasm.unknown.pagefind';

beforeAll(async () => {
  await makeIndex(index, [searchDocument('/a/', '2021-01-01', '志愿服务')]);
});

afterAll(async () => {
  await endIndexing();
  rmSync(root, { recursive: true, force: true });
});

describe('The engine in an index', () => {
  const engine = (): Buffer => gunzipSync(readFileSync(join(index, FILE))).subarray(SIGNATURE.length);

  test('uses nothing that a supported browser lacks', () => {
    expect(refusal(engine())).toBeUndefined();
  });

  test('exports what Pagefind’s script calls, and imports nothing', async () => {
    const module = await WebAssembly.compile(new Uint8Array(engine()));
    const script = readFileSync(join(index, 'pagefind.js'), 'utf8');
    const called = new Set(Array.from(script.matchAll(/\bwasm\.(\w+)/gu), ([, name]) => name));
    // The script uses this export only in functions that the original engine imports.
    expect(called.delete('__wbindgen_externrefs')).toBe(true);
    expect(called).toContain('search');
    expect(called).toContain('__wbindgen_start');
    expect(WebAssembly.Module.exports(module).map(({ name }) => name)).toEqual(expect.arrayContaining([...called]));
    expect(WebAssembly.Module.imports(module)).toEqual([]);
  });
});

test('An unknown engine is left unchanged', async () => {
  const other = gzipSync(Buffer.concat([Buffer.from(SIGNATURE), compiled('(module (memory 1))')]));
  writeFileSync(join(root, FILE), other);
  await lowerEngine(root);
  expect(readFileSync(join(root, FILE))).toEqual(other);
});

describe('A module with newer features is detected', () => {
  test.each([
    '(module (table 1 externref))',
    '(module (table 1 funcref) (table 1 funcref))',
    '(module (func (param externref)))',
    '(module (memory 1) (func (memory.copy (i32.const 0) (i32.const 1) (i32.const 2))))',
    '(module (memory 1) (func (memory.fill (i32.const 0) (i32.const 1) (i32.const 2))))',
    '(module (func (result i32) (i32.extend8_s (i32.const 1))))',
    '(module (func (result i32) (i32.trunc_sat_f32_s (f32.const 1))))',
    '(module (func (result v128) (v128.const i32x4 1 2 3 4)))',
    '(module (func $f (return_call $f)))',
    '(module (tag $t) (func (throw $t)))',
    '(module (memory 1 1 shared))',
  ])('%s', (text) => {
    expect(refusal(compiled(text))).toBeDefined();
  });

  test.each([
    '(module (memory (export "memory") 1) (table 1 funcref) (func (export "f") (result i32 i32) i32.const 1 i32.const 2))',
    '(module (global (export "g") (mut i32) (i32.const 0)))',
    '(module (func (result i32) (i32.shr_s (i32.shl (i32.const 1) (i32.const 24)) (i32.const 24))))',
  ])('An older one is not: %s', (text) => {
    expect(refusal(compiled(text))).toBeUndefined();
  });
});
