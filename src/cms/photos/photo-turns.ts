import { DeskError } from '../backend/desk-client.ts';
import type { UploadedPhoto } from './upload.ts';

/** The control whose photos are turned. A photo is named by its file name, `src`. */
export interface TurnOwner {
  /**
   * Has a photo turned by the desk. `quarters`: number of quarter turns of 90° to the right, 1 to 3. Resolves to the
   * turned photo, which has another file name.
   * @throws DeskError with the reason if the photo cannot be turned.
   */
  request(src: string, quarters: number): Promise<UploadedPhoto>;
  /**
   * Replaces the photo by the turned one. Returns whether that was possible; then the photo may be turned on.
   */
  turned(src: string, photo: UploadedPhoto): boolean;
  /** Receives the reason why a photo was not turned, as a Chinese sentence. */
  failed(src: string, sentence: string): void;
  /** Called after each change, so that the control is rendered again. */
  changed(): void;
}

const FAILED = '编辑台没有转成。请再试一次。';

/** Returns the number of quarter turns to the right, 0 to 3, that has the same effect as a number of quarter turns. */
function toRight(quarters: number): number {
  return ((quarters % 4) + 4) % 4;
}

/**
 * Turns photos of an entry. A press is shown at once; the desk is asked for one turn of a photo at a time, and presses
 * meanwhile are added up for the next.
 */
export class PhotoTurns {
  readonly #owner: TurnOwner;
  /** Quarter turns to the right that the desk has not made yet, by `src`. */
  readonly #pending = new Map<string, number>();
  #stopped = false;

  constructor(owner: TurnOwner) {
    this.#owner = owner;
  }

  /** Names of the photos that are being turned. */
  get turning(): readonly string[] {
    return [...this.#pending.keys()];
  }

  /** Returns by how many quarter turns to the right, 0 to 3, a photo is to be shown turned until the desk has turned it. */
  pendingOf(src: string): number {
    return toRight(this.#pending.get(src) ?? 0);
  }

  /** Turns a photo by quarter turns to the right; a negative number turns it to the left. */
  turn(src: string, quarters: number): void {
    const isRunning = this.#pending.has(src);
    this.#pending.set(src, (this.#pending.get(src) ?? 0) + quarters);
    this.#owner.changed();
    if (!isRunning) void this.#run(src);
  }

  /** Ignores the turns that are not finished, because the entry is no longer shown. */
  stop(): void {
    this.#stopped = true;
  }

  async #run(first: string): Promise<void> {
    for (let src = first; ;) {
      const quarters = this.pendingOf(src);
      if (quarters === 0) {
        this.#forget(src);
        return;
      }
      let photo: UploadedPhoto;
      try {
        photo = await this.#owner.request(src, quarters);
      } catch (error) {
        this.#forget(src);
        if (!this.#stopped) this.#owner.failed(src, error instanceof DeskError ? error.message : FAILED);
        return;
      }
      if (this.#stopped) return;
      const rest = (this.#pending.get(src) ?? 0) - quarters;
      this.#pending.delete(src);
      if (!this.#owner.turned(src, photo)) {
        this.#owner.changed();
        return;
      }
      this.#pending.set(photo.src, rest);
      src = photo.src;
      this.#owner.changed();
    }
  }

  #forget(src: string): void {
    this.#pending.delete(src);
    if (!this.#stopped) this.#owner.changed();
  }
}
