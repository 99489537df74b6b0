// Runs in browser and Node: pure.

/** Every finding of the photo rules. */
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

/** Tells people who send a photo by WeChat how to avoid that it is made smaller. */
export const ASK_FOR_ORIGINAL = '经微信发送时请勾选“原图”。';

/** The other photo of a finding: where it is, and the title of its entry. */
export interface Twin {
  /** The folder of its entry. */
  folder: string;
  /** The name of its file. */
  src: string;
  title: string;
}

/** What is wrong with one photo, in Chinese. An error keeps the photo out; a warning is for the reviewer to weigh. */
export interface Finding {
  code: FindingCode;
  level: 'error' | 'warning';
  /** What is wrong, without a full stop at the end, because it becomes a part of other sentences too. */
  message: string;
  /** What to do about it: whole sentences. */
  remedy: string;
  /** The photo that this one equals or looks like, if that is known and in another entry. */
  twin?: Twin | undefined;
}

/** Errors of photos that can be shown but do not meet the standard. A reviewer may waive them, with a reason. */
const WAIVABLE: ReadonlySet<FindingCode> = new Set(['too-small', 'enlarged', 'duplicate'] as const);

/** Whether a reviewer may waive a finding, if it is an error. */
export function isWaivable({ code }: Pick<Finding, 'code'>): boolean {
  return WAIVABLE.has(code);
}

/** Returns the gravest level of some findings. */
export function levelOf(findings: readonly Finding[]): 'ok' | 'warning' | 'error' {
  if (findings.some(({ level }) => level === 'error')) return 'error';
  return findings.length > 0 ? 'warning' : 'ok';
}

/** Formats a finding as one line: what is wrong, and what to do. */
export function findingLine({ message, remedy }: Finding): string {
  return `${message}。${remedy}`;
}
