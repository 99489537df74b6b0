// Finds what in a built script is newer than the supported browsers: syntax, methods of the language and of the
// browser.
import { Linter } from 'eslint';
import compat from 'eslint-plugin-compat';
import esX from 'eslint-plugin-es-x';

/** The browsers that run a script: the edition of the language that all of them support, and exceptions. */
export interface Runners {
  /** In the form of esbuild's targets, as in render/compile/promised-browsers.ts. */
  browsers: readonly string[];
  edition: 2020 | 2021 | 2022 | 2023;
  /** Names of es-x rules for features of that edition that one of the browsers lacks. */
  lacking: readonly string[];
  /** Names of es-x rules for features of later editions that all of them have. */
  beyond: readonly string[];
}

/** A newer feature that is allowed: it is used only where it exists, or the scan mistakes something else for it. */
export interface Allowance {
  /** The end of the rule's name. */
  rule: string;
  /** Matches the part of the script around it. */
  where: RegExp;
  why: string;
}

/** Number of characters shown before and after a newer feature. */
const AROUND = 90;

/**
 * Rules that report certain uses only. Methods of iterators have the same names as those of arrays, and the type of the
 * object is known only in part; `grow` has long been a method of WebAssembly memories.
 */
const UNCERTAIN = /iterator-prototype|resizable-and-growable/u;

function rulesOf({ edition, lacking, beyond }: Runners): Linter.RulesRecord {
  const configs = [esX.configs[`flat/restrict-to-es${edition}`], esX.configs[`flat/restrict-to-es${edition}-intl-api`]];
  const names = configs.flatMap((config) => Object.keys(config.rules ?? {}));
  const all = [...names, ...lacking.map((name) => `es-x/no-${name}`)];
  const kept = all.filter((name) => !beyond.includes(name.replace('es-x/no-', '')));
  const unknown = kept.filter((name) => !(name.replace('es-x/', '') in esX.rules));
  if (unknown.length > 0) throw new Error(`es-x has no rules ${unknown.join()}.`);
  return Object.fromEntries(
    kept.map((name) => [name, UNCERTAIN.test(name) ? ['error', { aggressive: false }] : 'error']),
  );
}

/** How a script is scanned. `browser`: also for what only browsers offer, which takes 20 times as long. */
export interface ScanOptions {
  runners: Runners;
  allowed: readonly Allowance[];
  module: boolean;
  browser: boolean;
}

function messagesOf(script: string, { runners, module, browser }: ScanOptions): Linter.LintMessage[] {
  const targets = runners.browsers.map((name) => name.replace(/(?=\d)/u, ' ').replace(/(?<=\d) (?=\d)/gu, ''));
  return new Linter({ configType: 'flat' }).verify(script, {
    plugins: { 'es-x': esX, compat },
    rules: { ...rulesOf(runners), ...(browser ? { 'compat/compat': 'error' } : {}) },
    settings: { 'es-x': { aggressive: true }, targets },
    linterOptions: { noInlineConfig: true },
    languageOptions: { ecmaVersion: runners.edition, sourceType: module ? 'module' : 'script' },
  });
}

/**
 * Returns the newer features of a script, each with the text around it; adds the allowances that were needed to `used`.
 */
export function newerIn(script: string, options: ScanOptions, used: Set<Allowance>): string[] {
  const lines = script.split('\n');
  return messagesOf(script, options).flatMap(({ ruleId, message, line, column }) => {
    const around = lines[line - 1]?.slice(Math.max(0, column - AROUND), column + AROUND) ?? '';
    const name = ruleId ?? 'syntax';
    const allowance = options.allowed.find(({ rule, where }) => name.endsWith(rule) && where.test(around));
    if (allowance) used.add(allowance);
    return allowance ? [] : [`${name}: ${message} … ${around} …`];
  });
}
