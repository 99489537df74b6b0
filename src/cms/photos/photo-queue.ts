import type { PhotoLimits } from '../../photo/rules/size-rule.ts';
import { DeskError } from '../backend/desk-client.ts';
import { preparePhoto, type Stage } from './photo-pipeline.ts';
import type { Progress } from './photo-progress.ts';
import { dismiss, refusalOf, type PhotoFile, type PhotoRefusal } from './photo-refusal.ts';
import type { UploadedPhoto } from './upload.ts';

/** Whom photos are sent for. */
export interface QueueOwner {
  /** The folder of the entry; empty: it has none yet. */
  folder(): string;
  limits(): PhotoLimits & { max: number };
  /** How many photos the entry has. */
  count(): number;
  /** Takes a photo into the entry; answers why not. */
  take(name: string, photo: UploadedPhoto): string | undefined;
  changed(): void;
}

const UNREADABLE = '读不出这个文件，请重新选一次。';

/** Numbers files of one window: two may have the same name. */
let numbered = 0;

/** Whether sending a file once more, as it is, may help when the cause is gone: no rule has refused it. */
function mayBeSentAgain({ status }: DeskError): boolean {
  return status === 0 || status === 400 || status === 401 || status >= 500;
}

/**
 * Files on their way to the desk, one after the other: a phone has little memory, and the order is kept. What did not
 * arrive is kept until it is sent again or given up.
 */
export class PhotoQueue {
  readonly #owner: QueueOwner;
  #sending: readonly Progress[] = [];
  #refusals: readonly PhotoRefusal[] = [];
  /** Whoever is being sent can be stopped. */
  #current: { id: number; stop: AbortController } | undefined;
  readonly #over = new AbortController();

  constructor(owner: QueueOwner) {
    this.#owner = owner;
    window.addEventListener(
      'online',
      () => this.again(this.#refusals.filter(({ again, signedOut }) => again && !signedOut)),
      {
        signal: this.#over.signal,
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

  /** Takes files that were just picked. What the rules refused before is no longer of interest. */
  pick(files: readonly File[]): void {
    if (files.length === 0 || this.busy) return;
    this.#forget(this.#refusals.filter(({ again }) => again === undefined));
    void this.#run(files.map((file) => ({ name: file.name, file, forWaiver: false })));
  }

  /** Sends a file that the rules refused, for a reviewer to let it pass. */
  waive(refusal: PhotoRefusal, file: File): void {
    if (this.busy) return;
    this.#forget([refusal]);
    void this.#run([{ name: refusal.name, file, forWaiver: true }]);
  }

  /** Sends files once more that did not arrive, the very same. */
  again(refusals: readonly PhotoRefusal[]): void {
    if (refusals.length === 0 || this.busy) return;
    this.#forget(refusals);
    void this.#run(refusals.flatMap(({ name, again }) => (again ? [{ name, ...again }] : [])));
  }

  /** Gives up what did not arrive. */
  drop(refusal: PhotoRefusal): void {
    this.#forget([refusal]);
  }

  /** Gives up what is on its way. */
  cancel(id: number): void {
    this.#sending = this.#sending.filter((file) => file.id !== id);
    if (this.#current?.id === id) this.#current.stop.abort();
    this.#owner.changed();
  }

  /** The entry is no longer shown: whatever is in the form now has not asked for these photos. */
  stop(): void {
    this.#over.abort();
    this.#current?.stop.abort();
    this.#refusals.forEach(dismiss);
  }

  #forget(gone: readonly PhotoRefusal[]): void {
    gone.forEach(dismiss);
    this.#refusals = this.#refusals.filter((refusal) => !gone.includes(refusal));
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
    const taken = files.slice(0, free).map((file) => ({ ...file, id: (numbered += 1) }));
    this.#sending = taken.map(({ id, name }) => ({ id, name, stage: 'waiting', part: 0, attempt: 1 }));
    for (const { name } of files.slice(free)) this.#fail((numbered += 1), name, `最多 ${max} 张照片，没有加入`);
    this.#owner.changed();
    for (const { id, name, ...file } of taken) {
      if (this.#over.signal.aborted) return;
      // It was given up while it waited.
      if (!this.#sending.some((one) => one.id === id)) continue;
      await this.#send(id, name, file);
      this.#sending = this.#sending.filter((one) => one.id !== id);
      this.#owner.changed();
    }
  }

  async #send(id: number, name: string, { file, forWaiver }: PhotoFile): Promise<void> {
    const stop = new AbortController();
    const { signal } = stop;
    this.#current = { id, stop };
    const purpose = { entry: this.#owner.folder(), forWaiver };
    try {
      const report = (stage: Stage, part: number, attempt: number): void => this.#report(id, stage, part, attempt);
      const outcome = await preparePhoto(file, this.#owner.limits(), purpose, report, signal);
      if (signal.aborted) return;
      if ('refused' in outcome) this.#refuse(refusalOf(id, name, outcome.refused, outcome.file));
      else if ('failed' in outcome) this.#lose(id, name, outcome.failed, { file: outcome.file, forWaiver });
      else {
        const why = this.#owner.take(name, outcome.taken);
        if (why !== undefined) this.#fail(id, name, why);
      }
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof DeskError) this.#lose(id, name, error, { file, forWaiver });
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
