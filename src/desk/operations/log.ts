import { mkdirSync } from 'node:fs';
import { pino, type Logger } from 'pino';
import { createStream, type RotatingFileStream } from 'rotating-file-stream';
import { PROJECT_ROOT } from '../../render/compile/build-cache.ts';

/** A file of the log is no larger, and so many older ones are kept. */
const FILE_SIZE = '10M';
const OLDER_FILES = 5;

/** A line of a stack that is nothing but code: a message, which may hold anything, can stand among them. */
const FRAME = /^ {4}at [\w.#<>[\]$ ]*\(?(?:file:\/\/|node:|\/)[\w./:@+-]+\)?$/u;

/** What a line says besides time and event. */
export type LogFacts = Readonly<Record<string, string | number | boolean | undefined>>;

/**
 * What is known of an error without what it says: messages hold titles, names of files and what people have written.
 * They are shown where the desk was started, and not kept.
 */
function errorFacts(error: unknown) {
  if (!(error instanceof Error)) return { error: typeof error };
  const { name, message, stack = '' } = error;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const told = stack.indexOf(message) + message.length;
  const frames = stack
    .slice(told)
    .split('\n')
    .filter((line) => FRAME.test(line))
    .map((line) => line.trim().replace('file://', '').replace(PROJECT_ROOT, ''));
  return { error: name, code, at: frames };
}

/**
 * The desk's log: JSON lines in `desk.log`, older ones in `desk.1.log` and so on, a new file every 10 MB. It says what was done, when and how long
 * it took; never who did it, what was written, or any address, name or token.
 */
export class DeskLog {
  readonly #stream: RotatingFileStream;
  readonly #logger: Logger;
  #closed = false;

  private constructor(stream: RotatingFileStream) {
    this.#stream = stream;
    this.#logger = pino(
      {
        base: null,
        messageKey: 'event',
        timestamp: pino.stdTimeFunctions.isoTime,
        formatters: { level: (level) => ({ level }) },
      },
      stream,
    );
  }

  static async open(folder: string): Promise<DeskLog> {
    mkdirSync(folder, { recursive: true });
    const name = (index: number | Date | null): string =>
      typeof index === 'number' ? `desk.${index}.log` : 'desk.log';
    const stream = createStream(name, { path: folder, size: FILE_SIZE, rotate: OLDER_FILES });
    // A full disk costs lines of the log, never the desk.
    stream.on('error', () => undefined);
    return new DeskLog(stream);
  }

  /** Writes a line: an event by its name, and facts that are no personal data. */
  note(event: string, facts: LogFacts = {}): void {
    if (!this.#closed) this.#logger.info(facts, event);
  }

  /** Writes a line about something that went wrong. */
  trouble(error: unknown): void {
    if (!this.#closed) this.#logger.error(errorFacts(error), 'trouble');
  }

  /** Writes a line about a request that failed by our fault. */
  failure(event: string, facts: LogFacts): void {
    if (!this.#closed) this.#logger.error(facts, event);
  }

  /** Resolves when every line is in the file; later ones are dropped. */
  async close(): Promise<void> {
    this.#closed = true;
    const closed = new Promise<void>((resolve) => this.#stream.once('close', resolve));
    this.#stream.end();
    await closed;
  }
}
