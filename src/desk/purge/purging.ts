import type { PurgeCommand } from './purge-command.ts';
import { PurgeList } from './purge-list.ts';

/** Time after which a failed command is run again, in milliseconds. */
const AGAIN = 300_000;

export interface PurgingOptions {
  /** Path of the data folder, which contains the list. */
  folder: string;
  /** The command to call with the addresses; undefined if there is only the list. */
  command: PurgeCommand | undefined;
  /** Receives an error in Chinese each time the command fails. */
  onTrouble: (error: unknown) => void;
  /** Time after which a failed command is run again, in milliseconds. */
  again?: number;
}

/**
 * Notes the addresses at which caches elsewhere may still hold what was taken back, and calls the command with them, one
 * run at a time. What a failed run or a kill has left is passed again later, after a restart too.
 */
export class Purging {
  readonly #list: PurgeList;
  readonly #command: PurgeCommand | undefined;
  readonly #onTrouble: (error: unknown) => void;
  readonly #again: number;
  #running: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor({ folder, command, onTrouble, again = AGAIN }: PurgingOptions) {
    this.#list = new PurgeList(folder, command !== undefined);
    this.#command = command;
    this.#onTrouble = onTrouble;
    this.#again = again;
  }

  /**
   * Notes full URLs; when this returns, they are on the disk. The command is called in the background. Does not throw:
   * what was taken back is gone from this server whether or not it can be noted.
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

  /** Calls the command with what is left, in the background, unless it is running. */
  run(): void {
    if (!this.#command || this.#closed) return;
    this.#running ??= this.#pass(this.#command).finally(() => (this.#running = undefined));
  }

  /** Resolves when the running command has ended, and starts no other. What is left is passed at the next start. */
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
      const minutes = Math.max(1, Math.round(this.#again / 60_000));
      this.#onTrouble(
        new Error(
          `本站已经撤下，但 PURGE_COMMAND 没有成功：${why}。别处的缓存里可能还有；过 ${minutes} 分钟自动再试，地址在 purge.txt 里。`,
        ),
      );
      if (!this.#closed) this.#timer = setTimeout(() => this.run(), this.#again).unref();
    }
  }
}
