// Makes engine.wasm.br and made-of.json from Pagefind's programs, whose paths are the arguments (see README.md).
import binaryen from 'binaryen';
import { hash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { brotliCompressSync, constants, inflateRawSync } from 'node:zlib';

const SIGNATURE = 'pagefind_dcd';
/**
 * Matches the end of a gzip header that contains the file name of Pagefind's engine without a stemmer. Pagefind uses
 * this engine for languages that it does not support.
 */
const HEADER = /pagefind_web_bg\.unknown\.[\d.]+\.wasm\0/u;

/**
 * Returns the engine (WebAssembly) that a program of Pagefind contains.
 *
 * @throws Error if there is none.
 */
function engineIn(program) {
  const header = HEADER.exec(program.toString('latin1'));
  if (!header) throw new Error('This is no program of Pagefind.');
  return inflateRawSync(program.subarray(header.index + header[0].length)).subarray(SIGNATURE.length);
}

/**
 * Returns the module without the features that Chromium 87, Firefox 83 and Safari 14.0 lack. These browsers support
 * mutable globals and multi-value.
 *
 * @throws Error if the result is not valid.
 */
function lowered(original) {
  const module = binaryen.readBinary(original);
  // Pagefind's script fills a table of references at the start. It is removed, because nothing in the engine reads it.
  module.removeExport('__wbindgen_externrefs');
  module.removeExport('__wbindgen_start');
  module.addFunction('start', binaryen.none, binaryen.none, [], module.nop());
  module.addFunctionExport('start', '__wbindgen_start');
  module.runPasses([
    'llvm-memory-copy-fill-lowering',
    'llvm-nontrapping-fptoint-lowering',
    'signext-lowering',
    'remove-unused-module-elements',
  ]);
  module.setFeatures(binaryen.Features.MVP | binaryen.Features.MutableGlobals | binaryen.Features.Multivalue);
  binaryen.setOptimizeLevel(2);
  binaryen.setShrinkLevel(2);
  module.optimize();
  if (!module.validate()) throw new Error('The module is not valid without newer features.');
  return module.emitBinary();
}

const exportsOf = (bytes) => JSON.stringify(WebAssembly.Module.exports(new WebAssembly.Module(bytes)));

const programs = process.argv.slice(2);
const engines = programs.map((path) => engineIn(readFileSync(path)));
const [first] = engines;
if (!first || engines.some((engine) => exportsOf(engine) !== exportsOf(first))) {
  throw new Error('Give the programs of one version of Pagefind.');
}
/** Returns the platform for which a program was made. `path` is the program's path: platform/package/bin/program. */
const platformOf = (path) => basename(resolve(path, '../../..'));
const originals = Object.fromEntries(
  programs.map((path, at) => [platformOf(path), hash('sha256', engines[at], 'hex')]),
);

const engine = lowered(first);
const params = { [constants.BROTLI_PARAM_SIZE_HINT]: engine.length };
writeFileSync(new URL('engine.wasm.br', import.meta.url), brotliCompressSync(engine, { params }));
writeFileSync(new URL('made-of.json', import.meta.url), `${JSON.stringify({ originals }, null, 2)}\n`);
