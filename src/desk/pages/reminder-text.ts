import { reportKinds } from '../../model/collections/site.ts';
import type { Period } from '../../model/reporting.ts';
import { chineseDate } from '../../text/date.ts';
import { todayInChina } from '../domain/china-time.ts';

/** Returns what has to be reported for a period, such as 2021年4月典型材料 or 2021年度总结. */
function nameOf({ kind, deadline }: Period): string {
  const [year, month] = deadline.split('-').map(Number);
  return kind === 'summary' ? `${year}${reportKinds[kind]}` : `${year}年${month}月${reportKinds[kind]}`;
}

/**
 * Returns the text of the reminder (催报) to the units that have not reported. `missing` are their names, at least one.
 */
export function reminderText(period: Period, missing: readonly string[], contact: { phone: string }): string {
  const today = todayInChina();
  const over = period.deadline < today ? '，已经过了' : '';
  return [
    `【催报】“和你在一起”${nameOf(period)}，报送截止日期是${chineseDate(period.deadline)}${over}。`,
    `截至${chineseDate(today)}，还没有收到以下 ${missing.length} 个单位的材料：${missing.join('、')}。`,
    `请尽快在编辑台写好送审；有困难请联系我们，电话 ${contact.phone}。`,
  ].join('\n');
}
