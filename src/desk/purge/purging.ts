import type { PurgeCommand } from './purge-command.ts';
import { PurgeList } from './purge-list.ts';

/** Time after which a failed command is run again, in milliseconds. */
const RETRY_AFTER = 300_000;

export interface PurgingOptions {
  /** Path of the data folder, which contains the list. */
  folder: string;
  /** The command that gets the URLs; undefined if there is only the list. */
  command: PurgeCommand | undefined;
  /** Receives an error in Chinese each time the command fails. */
  onTrouble: (error: unknown) => void;
  /** Time after which a failed command is run again, in milliseconds. */
  retryAfter?: number;
}

/**
 * Lists the URLs of which caches elsewhere may still have copies after a withdrawal, and runs the command with them, one
 * run at a time. URLs that are left after a failed run or a kill are passed again later, also after a restart.
 */
export class Purging {
  readonly #list: PurgeList;
  readonly #command: PurgeCommand | undefined;
  readonly #onTrouble: (error: unknown) => void;
  readonly #retryAfter: number;
  #running: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor({ folder, command, onTrouble, retryAfter = RETRY_AFTER }: PurgingOptions) {
    this.#list = new PurgeList(folder, command !== undefined);
    this.#command = command;
    this.#onTrouble = onTrouble;
    this.#retryAfter = retryAfter;
  }

  /**
   * Adds full URLs to the list on the disk and starts the command in the background. If the list cannot be written, only
   * reports it, because the content is removed from this server in any case.
   */
  add(urls: readonly string[]): void {
    try {
      this.#list.add(urls);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.#onTrouble(new Error(`撤下的地址没有记进 purge.txt（${why}）：请到别处的缓存里手工清除 ${urls.join(' ')}`));
    }
    this.run();
  }

  /** Runs the command with the URLs that are left, in the background. Does nothing if it is running already. */
  run(): void {
    if (!this.#command || this.#closed) return;
    this.#running ??= this.#pass(this.#command).finally(() => (this.#running = undefined));
  }

  /** Starts no further run, and resolves when the current run has ended. The next start passes the URLs that are left. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  async #pass(command: PurgeCommand): Promise<void> {
    clearTimeout(this.#timer);
    try {
      for (let urls = this.#list.take(); urls.length > 0 && !this.#closed; urls = this.#list.take()) {
        await command.purge(urls);
        this.#list.taken();
      }
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      const minutes = Math.max(1, Math.round(this.#retryAfter / 60_000));
      this.#onTrouble(
        new Error(
          `本站已经撤下，但 PURGE_COMMAND 没有成功：${why}。别处的缓存里可能还有；过 ${minutes} 分钟自动再试，地址在 purge.txt 里。`,
        ),
      );
      if (!this.#closed) this.#timer = setTimeout(() => this.run(), this.#retryAfter).unref();
    }
  }
}
