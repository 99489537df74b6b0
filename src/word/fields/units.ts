// Runs in browser and Node: pure.
import type { NamedUnit } from './story.ts';

function fullNames({ name, aliases }: NamedUnit): string[] {
  return [name, ...aliases].filter((one) => one !== '');
}

/** A unit that a text names, and the name that it uses. */
export interface UnitMention {
  unit: NamedUnit;
  written: string;
}

/** Returns the unit whose name or former name occurs in a text, the longest if there are several. */
export function unitIn(text: string, units: readonly NamedUnit[]): UnitMention | undefined {
  let longest: UnitMention | undefined;
  for (const unit of units) {
    for (const written of fullNames(unit)) {
      if (written.length > (longest?.written.length ?? 0) && text.includes(written)) longest = { unit, written };
    }
  }
  return longest;
}

/** Returns the unit whose short name occurs first in a text. Short names, such as 温县, also mean the places. */
export function unitByShortName(text: string, units: readonly NamedUnit[]): NamedUnit | undefined {
  const places = units.flatMap((unit) => {
    const at = unit.short === '' ? -1 : text.indexOf(unit.short);
    return at < 0 ? [] : [{ unit, at }];
  });
  return places.sort((one, other) => one.at - other.at)[0]?.unit;
}

/** Returns whether a text is just one of the names of a unit. */
export function isNameOf(text: string, unit: NamedUnit): boolean {
  return [unit.short, ...fullNames(unit)].includes(text);
}

const OFFICE = /^(?:通讯组|通讯员|办公室|宣教部|宣传部|组宣部|[\u4e00-\u9fa5]{2,8}(?:部|室|科|组|中心|委员会))$/u;

/** Returns whether a text is the name of an office, which follows that of its unit. */
export function isOffice(text: string): boolean {
  return OFFICE.test(text);
}

/**
 * Returns what follows or precedes the name of a unit: the people of 温县总工会 张明. If that is nothing or an office,
 * returns the whole text, for then the office wrote it.
 */
export function withoutUnit(text: string, units: readonly NamedUnit[]): string {
  const mention = unitIn(text, units);
  if (!mention) return text;
  const rest = text.replace(mention.written, '').trim();
  return rest === '' || isOffice(rest) ? text : rest;
}
