import { chineseDate, chineseMonthDay } from '../../../text/date.ts';
import type { EntryState, ListedEntry } from '../../catalogue/listed-entry.ts';
import { dateInChina, timeOfDayInChina } from '../../domain/china-time.ts';
import { stateWords } from '../../drafts/drafts.ts';
import { html, type Html } from '../shell/html.ts';

/** The names of the states in lists. */
export const entryStateWords: Readonly<Record<EntryState, string>> = {
  returned: '退回',
  ...stateWords,
  published: '已发布',
  withdrawn: '撤稿',
};

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Returns in words how long ago a time was: 2 天, 5 小时 or 不到 1 小时. `now` is in milliseconds since 1970. */
export function elapsedWords(since: string, now: number): string {
  const elapsed = now - Date.parse(since);
  if (elapsed >= DAY) return `${Math.floor(elapsed / DAY)} 天`;
  return elapsed >= HOUR ? `${Math.floor(elapsed / HOUR)} 小时` : '不到 1 小时';
}

/**
 * Returns a time in China in few words: 今天 14:05, 3月18日 or 2020年3月18日.
 * @param changed a time in ISO 8601, YYYY-MM-DD, or an empty text, for which the result is empty.
 * @param now milliseconds since 1970.
 */
export function whenWords(changed: string, now: number): string {
  if (changed === '') return '';
  const isTime = changed.includes('T');
  const day = isTime ? dateInChina(changed) : changed;
  const today = dateInChina(now);
  if (day === today) return isTime ? `今天 ${timeOfDayInChina(changed)}` : '今天';
  return day.slice(0, 4) === today.slice(0, 4) ? chineseMonthDay(day) : chineseDate(day);
}

/** Returns a verb and how long ago that began: 等了 2 天, 等了不到 1 小时. `now` is in milliseconds since 1970. */
export function sinceWords(verb: string, since: string, now: number): string {
  const words = elapsedWords(since, now);
  return /^\d/u.test(words) ? `${verb} ${words}` : verb + words;
}

/** Returns the time element for when an entry was changed last; undefined if that is unknown. */
export function whenView({ changed }: ListedEntry, now: number): Html | undefined {
  return changed === '' ? undefined : html`<time datetime="${changed}">${whenWords(changed, now)}</time>`;
}

/**
 * Returns the mark of an entry's state. If an entry has waited for review for a day or longer, the mark
 * says how long.
 */
export function stateMark({ state, changed }: ListedEntry, now: number): Html {
  const isWaiting = state === 'pending_review' && now - Date.parse(changed) >= DAY;
  const words = isWaiting ? sinceWords(entryStateWords[state], changed, now) : entryStateWords[state];
  return html`<span class="mark state-${state}">${words}</span>`;
}

/** Returns a reporting period (`2021-04`) in words; undefined if it is no year and month. */
export function periodWords(period: string): string | undefined {
  const [, year, month] = /^(\d{4})-(\d{2})$/u.exec(period) ?? [];
  return year === undefined ? undefined : `${year}年${Number(month)}月报送`;
}

/** What the person who changed a draft last has done, by the state that the draft is in now. */
const DONE: Partial<Record<EntryState, string>> = { draft: '改过', pending_review: '送审', pending_publish: '通过' };

/**
 * Returns the sentence below an entry's title: why the entry was returned or withdrawn, who wrote and changed it, and
 * whether readers see another version.
 */
export function entryNote({ state, main, writer, editor, returned, withdrawal }: ListedEntry): string {
  const facts: string[] = [];
  if (state === 'returned' && returned) facts.push(`${returned.by}退回：“${returned.reason}”`);
  if (state === 'withdrawn' && withdrawal !== undefined) facts.push(`撤稿理由：“${withdrawal}”`);
  if (writer !== undefined) facts.push(`撰稿 ${writer}`);
  const did = DONE[state];
  if (editor !== undefined && did !== undefined) facts.push(editor + did);
  if (main !== state && main === 'published') facts.push('网站上还是原来的一版');
  if (main !== state && main === 'withdrawn') facts.push('已撤稿');
  return facts.join(' · ');
}
