import type { PhotoLimits } from '../../photo/rules/size-rule.ts';
import { DeskError } from '../backend/desk-client.ts';
import { preparePhoto, type Stage } from './photo-pipeline.ts';
import type { Progress } from './photo-progress.ts';
import { dismiss, refusalOf, type PhotoFile, type PhotoRefusal } from './photo-refusal.ts';
import type { UploadedPhoto } from './upload.ts';

/** The control whose photos a queue sends. */
export interface QueueOwner {
  /** Returns the folder of the entry; empty if the entry was never saved. */
  folder(): string;
  limits(): PhotoLimits & { max: number };
  /** Returns the number of photos in the entry. */
  count(): number;
  /**
   * Adds a photo to the entry, or replaces the photo of the card `replacing` by it. Returns a Chinese sentence with the
   * reason if neither was done; otherwise undefined.
   */
  add(name: string, photo: UploadedPhoto, replacing?: string): string | undefined;
  /** Called after each change of the queue, so that the control is rendered again. */
  changed(): void;
}

const UNREADABLE = '读不出这个文件，请重新选一次。';

/** The id last given to a file in this window. Files have ids because their names need not be unique. */
let lastId = 0;

/**
 * Returns whether sending the same file again may succeed. It may if the rules for photos are not why the file failed.
 */
function mayBeSentAgain({ status }: DeskError): boolean {
  return status === 0 || status === 400 || status === 401 || status >= 500;
}

/**
 * Sends files to the desk one at a time, which keeps their order and needs little memory on a phone. If a file is
 * refused or does not arrive at the desk, the queue keeps the file until it is sent again or removed. When the browser
 * is online again, the queue resends the files that did not arrive. It does not resend a file that failed because
 * nobody was signed in.
 */
export class PhotoQueue {
  readonly #owner: QueueOwner;
  #sending: readonly Progress[] = [];
  #refusals: readonly PhotoRefusal[] = [];
  /** The file that is being prepared or sent, and the controller that cancels it. */
  #current: { id: number; stop: AbortController } | undefined;
  readonly #stopped = new AbortController();

  constructor(owner: QueueOwner) {
    this.#owner = owner;
    window.addEventListener(
      'online',
      () => this.again(this.#refusals.filter(({ again, signedOut }) => again && !signedOut)),
      {
        signal: this.#stopped.signal,
      },
    );
  }

  get sending(): readonly Progress[] {
    return this.#sending;
  }

  get refusals(): readonly PhotoRefusal[] {
    return this.#refusals;
  }

  get busy(): boolean {
    return this.#sending.length > 0;
  }

  /**
   * Sends files that were just picked. Removes from the queue all earlier files that cannot be sent again unchanged,
   * such as files that the rules refused. Does nothing while other files are being sent.
   */
  pick(files: readonly File[]): void {
    if (files.length === 0 || this.busy) return;
    this.#forget(this.#refusals.filter(({ again }) => again === undefined));
    void this.#run(files.map((file) => ({ name: file.name, file, forWaiver: false })));
  }

  /** Sends a file that is to replace the photo of a card, by the key of the card. Otherwise like `pick`. */
  replace(replacing: string, file: File): void {
    if (this.busy) return;
    this.#forget(this.#refusals.filter(({ again }) => again === undefined));
    void this.#run([{ name: file.name, file, forWaiver: false, replacing }]);
  }

  /**
   * Sends a file that the rules refused, so that a reviewer may waive its errors. Does nothing while other files are
   * being sent.
   */
  waive(refusal: PhotoRefusal, file: File): void {
    if (this.busy) return;
    this.#forget([refusal]);
    void this.#run([{ name: refusal.name, file, forWaiver: true, replacing: refusal.replacing }]);
  }

  /** Resends files that did not arrive at the desk, unchanged. Does nothing while other files are being sent. */
  again(refusals: readonly PhotoRefusal[]): void {
    if (refusals.length === 0 || this.busy) return;
    this.#forget(refusals);
    void this.#run(refusals.flatMap(({ name, again }) => (again ? [{ name, ...again }] : [])));
  }

  /** Removes from the queue a photo whose upload failed or was refused. */
  drop(refusal: PhotoRefusal): void {
    this.#forget([refusal]);
  }

  /** Cancels a file that is waiting or being sent. */
  cancel(id: number): void {
    this.#sending = this.#sending.filter((file) => file.id !== id);
    if (this.#current?.id === id) this.#current.stop.abort();
    this.#owner.changed();
  }

  /** Cancels all files because the entry is no longer shown: its photos must not be added to another entry. */
  stop(): void {
    this.#stopped.abort();
    this.#current?.stop.abort();
    this.#refusals.forEach(dismiss);
  }

  #forget(removed: readonly PhotoRefusal[]): void {
    removed.forEach(dismiss);
    this.#refusals = this.#refusals.filter((refusal) => !removed.includes(refusal));
    this.#owner.changed();
  }

  #refuse(refusal: PhotoRefusal): void {
    this.#refusals = [...this.#refusals, refusal];
  }

  #fail(id: number, name: string, sentence: string): void {
    this.#refuse({ id, name, findings: [], sentence });
  }

  #report(id: number, stage: Stage, part: number, attempt: number): void {
    this.#sending = this.#sending.map((file) => (file.id === id ? { ...file, stage, part, attempt } : file));
    this.#owner.changed();
  }

  async #run(files: readonly (PhotoFile & { name: string })[]): Promise<void> {
    const { max } = this.#owner.limits();
    const free = Math.max(0, max - this.#owner.count());
    const tooMany = files.filter(({ replacing }) => replacing === undefined).slice(free);
    const accepted = files.filter((file) => !tooMany.includes(file)).map((file) => ({ ...file, id: (lastId += 1) }));
    this.#sending = accepted.map(({ id, name }) => ({ id, name, stage: 'waiting', part: 0, attempt: 1 }));
    for (const { name } of tooMany) this.#fail((lastId += 1), name, `最多 ${max} 张照片，没有加入`);
    this.#owner.changed();
    for (const { id, name, ...file } of accepted) {
      if (this.#stopped.signal.aborted) return;
      // The file was cancelled while it waited.
      if (!this.#sending.some((one) => one.id === id)) continue;
      await this.#send(id, name, file);
      this.#sending = this.#sending.filter((one) => one.id !== id);
      this.#owner.changed();
    }
  }

  async #send(id: number, name: string, { file, forWaiver, replacing }: PhotoFile): Promise<void> {
    const stop = new AbortController();
    const { signal } = stop;
    this.#current = { id, stop };
    const purpose = { entry: this.#owner.folder(), forWaiver };
    try {
      const report = (stage: Stage, part: number, attempt: number): void => this.#report(id, stage, part, attempt);
      const outcome = await preparePhoto(file, this.#owner.limits(), purpose, report, signal);
      if (signal.aborted) return;
      if ('refused' in outcome) this.#refuse(refusalOf(id, name, outcome.refused, { file: outcome.file, replacing }));
      else if ('failed' in outcome) this.#lose(id, name, outcome.failed, { file: outcome.file, forWaiver, replacing });
      else {
        const why = this.#owner.add(name, outcome.accepted, replacing);
        if (why !== undefined) this.#fail(id, name, why);
      }
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof DeskError) this.#lose(id, name, error, { file, forWaiver, replacing });
      else this.#fail(id, name, UNREADABLE);
    } finally {
      this.#current = undefined;
    }
  }

  #lose(id: number, name: string, error: DeskError, again: PhotoFile): void {
    if (!mayBeSentAgain(error)) this.#fail(id, name, error.message);
    else this.#refuse({ id, name, findings: [], sentence: error.message, again, signedOut: error.status === 401 });
  }
}
