import type { Fault } from '../../model/fault.ts';

/**
 * Returns a fault in words, such as “第 2 张照片：缺少图片说明。请写 10–60 字。”. The name of the field comes first unless the
 * sentence contains it.
 */
export function faultWords({ label, what, remedy }: Fault): string {
  const names = label.split('·');
  const own = names.at(-1) ?? '';
  const place = (what.includes(own) ? names.slice(0, -1) : names).join('·');
  return `${place === '' ? '' : `${place}：`}${what}。${remedy}`;
}

/** Returns whether two faults are about the same thing, so that one line is enough. */
export function isSameFault(one: Fault, other: Fault): boolean {
  return one.field === other.field && one.what === other.what;
}
