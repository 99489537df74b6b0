// What of a built script is newer than the browsers that are promised: its syntax, methods of the language, and of the
// browser.
import { Linter } from 'eslint';
import compat from 'eslint-plugin-compat';
import esX from 'eslint-plugin-es-x';

/** Who runs a script: the edition of the language that all their browsers know, but for single features. */
export interface Runners {
  /** By the names of esbuild's targets, as in render/promised-browsers.ts. */
  browsers: readonly string[];
  edition: 2020 | 2021 | 2022 | 2023;
  /** Rules of es-x for what one of the browsers lacks of that edition… */
  lacking: readonly string[];
  /** …and for what all have of a later one. */
  beyond: readonly string[];
}

/** Something newer that is allowed, because it is only used where it is there, or because it is something else. */
export interface Allowance {
  /** The end of the rule's name. */
  rule: string;
  /** Fits the stretch of the script around it. */
  where: RegExp;
  why: string;
}

/** What stands around something newer is shown, in characters before and after where it begins. */
const AROUND = 90;

/**
 * Methods of iterators are called like those of arrays, and what a script applies them to is seen in part only; `grow` is
 * a method of WebAssembly's memories long since.
 */
const SEEN_IN_PART = /iterator-prototype|resizable-and-growable/u;

function rulesOf({ edition, lacking, beyond }: Runners): Linter.RulesRecord {
  const configs = [esX.configs[`flat/restrict-to-es${edition}`], esX.configs[`flat/restrict-to-es${edition}-intl-api`]];
  const names = configs.flatMap((config) => Object.keys(config.rules ?? {}));
  const all = [...names, ...lacking.map((name) => `es-x/no-${name}`)];
  const kept = all.filter((name) => !beyond.includes(name.replace('es-x/no-', '')));
  const unknown = kept.filter((name) => !(name.replace('es-x/', '') in esX.rules));
  if (unknown.length > 0) throw new Error(`es-x has no rules ${unknown.join()}.`);
  return Object.fromEntries(
    kept.map((name) => [name, SEEN_IN_PART.test(name) ? ['error', { aggressive: false }] : 'error']),
  );
}

/** How a script is looked through. `browser`: also for what only browsers offer, which takes 20 times as long. */
export interface Looking {
  runners: Runners;
  allowed: readonly Allowance[];
  module: boolean;
  browser: boolean;
}

function messagesOf(script: string, { runners, module, browser }: Looking): Linter.LintMessage[] {
  const targets = runners.browsers.map((name) => name.replace(/(?=\d)/u, ' ').replace(/(?<=\d) (?=\d)/gu, ''));
  return new Linter({ configType: 'flat' }).verify(script, {
    plugins: { 'es-x': esX, compat },
    rules: { ...rulesOf(runners), ...(browser ? { 'compat/compat': 'error' } : {}) },
    settings: { 'es-x': { aggressive: true }, targets },
    linterOptions: { noInlineConfig: true },
    languageOptions: { ecmaVersion: runners.edition, sourceType: module ? 'module' : 'script' },
  });
}

/** What of a script is newer, each with what stands around it; `used` is given the allowances that were needed. */
export function newerIn(script: string, looking: Looking, used: Set<Allowance>): string[] {
  const lines = script.split('\n');
  return messagesOf(script, looking).flatMap(({ ruleId, message, line, column }) => {
    const around = lines[line - 1]?.slice(Math.max(0, column - AROUND), column + AROUND) ?? '';
    const name = ruleId ?? 'syntax';
    const allowance = looking.allowed.find(({ rule, where }) => name.endsWith(rule) && where.test(around));
    if (allowance) used.add(allowance);
    return allowance ? [] : [`${name}: ${message} … ${around} …`];
  });
}
