import type { Change, Proposal } from '../../library/library.ts';
import type { ResultFingerprint, QueryKey } from '../../library/queries/dependency-tracking.ts';
import { dependencyKeyOf, type Version } from '../../library/content/version.ts';
import type { Fault } from '../../model/fault.ts';
import type { Journal, RenderedPage } from './journal.ts';

/**
 * Changes that are not yet written to the journal. If a publication fails before the end, its changes stay here and are
 * written with those of the next publication.
 */
export class PendingJournal {
  #files = new Map<string, string | undefined>();
  #versions = new Map<string, Version | undefined>();
  #faults = new Map<string, readonly Fault[] | undefined>();
  #pages = new Map<string, RenderedPage | undefined>();
  #fingerprints = new Map<QueryKey, ResultFingerprint | undefined>();

  accepted({ stamps, judged, decision }: Proposal, { put, removed }: Change): void {
    for (const [path, stamp] of stamps) this.#files.set(path, stamp);
    for (const address of removed) this.#versions.set(dependencyKeyOf(address), undefined);
    for (const version of put) this.#versions.set(dependencyKeyOf(version.address), version);
    for (const file of judged) this.#faults.set(file, undefined);
    for (const [file, faults] of decision.faults) this.#faults.set(file, faults);
  }

  page(address: string, page: RenderedPage | undefined): void {
    this.#pages.set(address, page);
  }

  fingerprint(queryKey: QueryKey, fingerprint: ResultFingerprint | undefined): void {
    this.#fingerprints.set(queryKey, fingerprint);
  }

  /**
   * Writes all pending changes to the journal in one transaction and then deletes them here. @throws the journal's
   * error if writing fails; the changes then stay pending.
   */
  settle(journal: Journal): void {
    journal.record({
      files: this.#files,
      versions: this.#versions,
      faults: this.#faults,
      pages: this.#pages,
      fingerprints: this.#fingerprints,
    });
    this.#files = new Map();
    this.#versions = new Map();
    this.#faults = new Map();
    this.#pages = new Map();
    this.#fingerprints = new Map();
  }
}
