// Finds the features in a built script that are newer than the supported browsers: syntax, and methods of the language
// and of the browser.
import { Linter } from 'eslint';
import compat from 'eslint-plugin-compat';
import esX from 'eslint-plugin-es-x';

/** The browsers that must run a script, and the features of ECMAScript that all of them support. */
export interface Runners {
  /** Oldest versions, by the names of esbuild's targets, as in render/compile/promised-browsers.ts. */
  browsers: readonly string[];
  /** Edition of ECMAScript that all of the browsers support, except the features in `lacking`. */
  edition: 2020 | 2021 | 2022 | 2023;
  /** Names of es-x rules (without `es-x/no-`) for features of the edition that at least one of the browsers lacks. */
  lacking: readonly string[];
  /** Names of es-x rules (without `es-x/no-`) for features of later editions that all of the browsers have. */
  beyond: readonly string[];
}

/**
 * Exception for a finding of the scan. Either the script uses the feature only if the browser has it, or the scan
 * mistakes something else for the feature.
 */
export interface Allowance {
  /** End of the name of the rule that reports the feature. */
  rule: string;
  /** Matches the text around the feature: AROUND characters on either side. */
  where: RegExp;
  /** Reason, which is printed if no script needs the exception any more. */
  why: string;
}

/** Number of characters shown before and after a newer feature. */
const AROUND = 90;

/**
 * Matches the names of rules that may report a use only if the linter can tell the type of the object (`aggressive:
 * false`). It can tell few types, and other methods have the same names: methods of arrays have names of iterator
 * methods, and `grow` has long been a method of WebAssembly memories.
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

/**
 * Options of a scan. `module`: whether the script is an ES module. `browser`: whether to find not only features of
 * ECMAScript but also interfaces of browsers, which takes 20 times as long.
 */
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
 * Returns the newer features in a script, except those that an allowance covers. Each feature is a string: rule,
 * message, and the text around the feature. Adds each allowance that covers a feature to `used`.
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
