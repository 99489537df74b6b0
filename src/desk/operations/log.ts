import { mkdirSync } from 'node:fs';
import { pino, type Logger } from 'pino';
import { createStream, type RotatingFileStream } from 'rotating-file-stream';
import { PROJECT_ROOT } from '../../render/compile/build-cache.ts';

/** The greatest size of a log file, and how many older ones are kept. */
const FILE_SIZE = '10M';
const OLDER_FILES = 5;

/** A line of a stack with a place in the code. Other lines may belong to the message, which can contain anything. */
const FRAME = /^ {4}at [\w.#<>[\]$ ]*\(?(?:file:\/\/|node:|\/)[\w./:@+-]+\)?$/u;

/** The fields of a line other than time and event. */
export type LogFacts = Readonly<Record<string, string | number | boolean | undefined>>;

/**
 * Returns name, code and stack of an error without its message: messages contain titles, file names and what people
 * have written. They are printed where the desk was started, and not logged.
 */
function errorFacts(error: unknown) {
  if (!(error instanceof Error)) return { error: typeof error };
  const { name, message, stack = '' } = error;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const end = stack.indexOf(message) + message.length;
  const frames = stack
    .slice(end)
    .split('\n')
    .filter((line) => FRAME.test(line))
    .map((line) => line.trim().replace('file://', '').replace(PROJECT_ROOT, ''));
  return { error: name, code, at: frames };
}

/**
 * The desk's log: JSON lines in `desk.log`, older ones in `desk.1.log` and so on, a new file every 10 MB. It records
 * what was done, when, and how long it took; never persons, contents, addresses, names or tokens.
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

  /** Opens the log of a folder, which is created if it is missing. */
  static async open(folder: string): Promise<DeskLog> {
    mkdirSync(folder, { recursive: true });
    const name = (index: number | Date | null): string =>
      typeof index === 'number' ? `desk.${index}.log` : 'desk.log';
    const stream = createStream(name, { path: folder, size: FILE_SIZE, rotate: OLDER_FILES });
    // A full disk loses lines of the log and must not stop the desk.
    stream.on('error', () => undefined);
    return new DeskLog(stream);
  }

  /** Writes a line: the name of an event, and facts without personal data. */
  note(event: string, facts: LogFacts = {}): void {
    if (!this.#closed) this.#logger.info(facts, event);
  }

  /** Writes a line about an error. */
  trouble(error: unknown): void {
    if (!this.#closed) this.#logger.error(errorFacts(error), 'trouble');
  }

  /** Writes a line about a request that failed through the server's fault. */
  failure(event: string, facts: LogFacts): void {
    if (!this.#closed) this.#logger.error(facts, event);
  }

  /** Resolves when every line is in the file; later lines are dropped. */
  async close(): Promise<void> {
    this.#closed = true;
    const closed = new Promise<void>((resolve) => this.#stream.once('close', resolve));
    this.#stream.end();
    await closed;
  }
}
