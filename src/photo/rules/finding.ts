// Runs in browser and Node: pure.

/** Everything the photo rules can say of a file. */
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

/** What to ask of who sends a photo by WeChat, which else makes it smaller. */
export const ASK_FOR_ORIGINAL = '经微信发送时请勾选“原图”。';

/** Another photo that a finding speaks of: where it lies and what its entry is called. */
export interface Twin {
  /** The folder of its entry. */
  folder: string;
  /** Its file's name. */
  src: string;
  title: string;
}

/** What is wrong with one photo, in Chinese. An error keeps it out; a warning is for the reviewer to weigh. */
export interface Finding {
  code: FindingCode;
  level: 'error' | 'warning';
  /** What is wrong, without the full stop at the end: it goes into other sentences too. */
  message: string;
  /** What to do about it: whole sentences. */
  remedy: string;
  /** The photo that this one is, or looks like, where that is known and in another entry. */
  twin?: Twin | undefined;
}

/** Errors of a photo that can be shown and only falls short: a reviewer may waive them, with a reason. */
const WAIVABLE: ReadonlySet<FindingCode> = new Set(['too-small', 'enlarged', 'duplicate'] as const);

/** Whether a reviewer may waive what was found, if it is an error. */
export function isWaivable({ code }: Pick<Finding, 'code'>): boolean {
  return WAIVABLE.has(code);
}

/** The gravest of what was found. */
export function levelOf(findings: readonly Finding[]): 'ok' | 'warning' | 'error' {
  if (findings.some(({ level }) => level === 'error')) return 'error';
  return findings.length > 0 ? 'warning' : 'ok';
}

/** A finding as one line: what is wrong, and what to do. */
export function findingLine({ message, remedy }: Finding): string {
  return `${message}。${remedy}`;
}
