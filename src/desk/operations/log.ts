import { mkdirSync } from 'node:fs';
import { pino, type Logger } from 'pino';
import { createStream, type RotatingFileStream } from 'rotating-file-stream';
import { PROJECT_ROOT } from '../../render/compile/build-cache.ts';

/** Size at which a new log file is started. */
const FILE_SIZE = '10M';
/** Number of older log files that are kept. */
const OLDER_FILES = 5;

/**
 * Matches a line of a stack trace that names a place in the code. Other lines may be part of the error's message, which
 * can contain anything.
 */
const FRAME = /^ {4}at [\w.#<>[\]$ ]*\(?(?:file:\/\/|node:|\/)[\w./:@+-]+\)?$/u;

/** The facts of a log line, by name: everything except its time, level and event. */
export type LogFacts = Readonly<Record<string, string | number | boolean | undefined>>;

/**
 * Returns name, code and stack of an error, without its message: a message can contain titles, file names and texts
 * that people wrote. Messages are printed to the terminal where the desk was started, but not logged.
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
 * The desk's log: lines of JSON in `desk.log`. A new file is started every 10 MB, and older files are named
 * `desk.1.log`, `desk.2.log` and so on. A line says what was done, when, and how long it took. It never contains
 * persons, contents, IP addresses, names or tokens.
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

  /** Opens the log in a folder, and creates the folder if it is missing. */
  static async open(folder: string): Promise<DeskLog> {
    mkdirSync(folder, { recursive: true });
    const name = (index: number | Date | null): string =>
      typeof index === 'number' ? `desk.${index}.log` : 'desk.log';
    const stream = createStream(name, { path: folder, size: FILE_SIZE, rotate: OLDER_FILES });
    // An error of the stream, on a full disk for example, loses lines of the log but must not stop the desk.
    stream.on('error', () => undefined);
    return new DeskLog(stream);
  }

  /** Writes a line about an event. `facts` must not contain personal data. */
  note(event: string, facts: LogFacts = {}): void {
    if (!this.#closed) this.#logger.info(facts, event);
  }

  /** Writes a line about an error, without the error's message. */
  trouble(error: unknown): void {
    if (!this.#closed) this.#logger.error(errorFacts(error), 'trouble');
  }

  /** Writes a line, of level `error`, about a request that failed through a fault of the server. */
  failure(event: string, facts: LogFacts): void {
    if (!this.#closed) this.#logger.error(facts, event);
  }

  /** Closes the log. Resolves when every line is in the file; lines that come later are dropped. */
  async close(): Promise<void> {
    this.#closed = true;
    const closed = new Promise<void>((resolve) => this.#stream.once('close', resolve));
    this.#stream.end();
    await closed;
  }
}
