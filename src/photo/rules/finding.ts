// Runs in browser and Node: pure.

/** The codes of all findings about photos. */
export const FINDING_CODES = [
  'too-small',
  'enlarged',
  'blurred',
  'soft',
  'over-compressed',
  'flat',
  'not-an-image',
  'damaged',
  'too-many-pixels',
  'too-heavy',
  'animated',
  'unsupported',
  'duplicate',
  'near-duplicate',
] as const;

export type FindingCode = (typeof FINDING_CODES)[number];

/** Sentence for findings: how people who send a photo by WeChat avoid that WeChat makes it smaller. */
export const ASK_FOR_ORIGINAL = '经微信发送时请勾选“原图”。';

/** The other photo that a finding is about, and the title of its entry. */
export interface Twin {
  /** The folder of the entry of the other photo. */
  folder: string;
  /** The name of the file of the other photo. */
  src: string;
  title: string;
}

/**
 * What is wrong with one photo, in Chinese. A photo with an error is refused; a warning is left to the reviewer's
 * decision.
 */
export interface Finding {
  code: FindingCode;
  level: 'error' | 'warning';
  /** What is wrong, without a full stop at the end, because other sentences include this text. */
  message: string;
  /** What to do about it, in whole sentences. */
  remedy: string;
  /**
   * The other photo, if the finding is that two photos are equal or look alike. Undefined if the other photo is not
   * known or is in the same entry.
   */
  twin?: Twin | undefined;
}

/** Codes of errors that a reviewer may waive with a reason: the photo can be shown but does not meet the standard. */
const WAIVABLE: ReadonlySet<FindingCode> = new Set(['too-small', 'enlarged', 'duplicate'] as const);

/** Returns whether a reviewer may waive a finding, if the finding is an error. */
export function isWaivable({ code }: Pick<Finding, 'code'>): boolean {
  return WAIVABLE.has(code);
}

/** Returns the most serious level of some findings; `ok` if there are none. */
export function levelOf(findings: readonly Finding[]): 'ok' | 'warning' | 'error' {
  if (findings.some(({ level }) => level === 'error')) return 'error';
  return findings.length > 0 ? 'warning' : 'ok';
}

/** Formats a finding as one line: what is wrong, and what to do about it. */
export function findingLine({ message, remedy }: Finding): string {
  return `${message}。${remedy}`;
}
