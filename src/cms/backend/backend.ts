import { ProxyBackend } from 'decap-cms-backend-proxy';
import { EditorialWorkflowError } from 'decap-cms-lib-util';
import { z } from 'zod';
import { bases } from './base-versions.ts';
import { copiesOfSave } from './copies-of-save.ts';
import { deletion } from './last-deletion.ts';
import { ask, DeskError, hideSignedOutToast, post } from './desk-client.ts';
import { isUnansweredForNewEntry, UnansweredSaves, type SentSave } from './unanswered-saves.ts';
import { loadCurrentEditor } from './current-editor.ts';
import { showToast } from './toast.ts';
import { refusedFaults } from './refused-faults.ts';
import { reasonToReturn, type ReturnableDraft } from './return-reason.ts';
import { SignIn } from './sign-in.ts';
import { loadSiteSettings } from './site-settings.ts';

const fetchedEntry = z.looseObject({ data: z.string().nullable(), file: z.looseObject({ id: z.string().nullable() }) });
const dataFile = z.object({ data: z.string(), id: z.string() });
const draft = z.looseObject({
  collection: z.string(),
  slug: z.string(),
  tree: z.string(),
  status: z.string(),
  own: z.boolean(),
  diffs: z.array(z.looseObject({ path: z.string() })),
});
const saved = z.looseObject({ ids: z.record(z.string(), z.string()).default({}), tree: z.string() });
const published = z.object({ live: z.object({ milliseconds: z.number(), pages: z.number(), address: z.string() }) });

const DATA_FILE = /\.(?:md|yml)$/u;

/**
 * Decap's backend for the desk: uses the protocol of Decap's proxy backend, with the desk's session cookie. It keeps
 * editors from overwriting one another's work: a save sends the id of the version that it started from; a change of
 * status or a publication sends the tree of the draft that was shown. The desk refuses both if the draft has changed
 * since.
 */
export class UnionBackend extends ProxyBackend {
  /** Id of the git tree of each draft as last shown or saved, by collection/slug. */
  readonly #seen = new Map<string, string>();
  /** Each draft as last shown, with its current status, by collection/slug. */
  readonly #shown = new Map<string, ReturnableDraft>();
  readonly #unanswered = new UnansweredSaves();

  override authComponent(): unknown {
    return SignIn;
  }

  override async authenticate(): Promise<object> {
    return { ...(await loadCurrentEditor()), token: '', backendName: 'union' };
  }

  override restoreUser(): Promise<object> {
    return this.authenticate();
  }

  override async logout(): Promise<void> {
    await ask('/api/sign-out', { method: 'POST' });
  }

  override request(payload: { action: string; params: Record<string, unknown> }): Promise<unknown> {
    return ask(this.proxyUrl, post({ branch: this.branch, ...payload }));
  }

  #call(action: string, params: Record<string, unknown>): Promise<unknown> {
    return this.request({ action, params: { branch: this.branch, ...params } });
  }

  override async getEntry(path: string): Promise<unknown> {
    const entry = fetchedEntry.parse(await this.#call('getEntry', { path }));
    bases.set(path, entry.file.id);
    return entry;
  }

  /**
   * Resolves to a draft without its photos: lists only its data file, because the desk handles photos and Decap must
   * not.
   * @throws EditorialWorkflowError if there is no draft; DeskError if the desk refuses or cannot be reached.
   */
  override async unpublishedEntry(params: { id?: string; collection?: string; slug?: string }): Promise<unknown> {
    deletion.last = undefined;
    try {
      if (this.#unanswered.hides(params)) throw new DeskError('', 404);
      const entry = draft.parse(await this.#call('unpublishedEntry', params));
      this.#seen.set(`${entry.collection}/${entry.slug}`, entry.tree);
      this.#shown.set(`${entry.collection}/${entry.slug}`, entry);
      return { ...entry, diffs: entry.diffs.filter(({ path }) => DATA_FILE.test(path)) };
    } catch (error) {
      const isAbsent = error instanceof DeskError && error.status === 404;
      if (isAbsent || isUnansweredForNewEntry(params, error)) {
        throw new EditorialWorkflowError('content is not under editorial workflow', true);
      }
      throw error;
    }
  }

  override async unpublishedEntryDataFile(collection: string, slug: string, path: string, id: string): Promise<string> {
    const file = dataFile.parse(await this.#call('unpublishedEntryDataFile', { collection, slug, path, id }));
    bases.set(path, file.id);
    // The form now shows the desk's version, so there is nothing left to send again.
    this.#unanswered.settle(path);
    return file.data;
  }

  /**
   * Resolves to an empty list, as do the next two functions. Decap asks for all drafts and all entries of a collection
   * whenever it opens an entry, but only its own lists need them, and the desk's pages replace these.
   */
  override async unpublishedEntries(): Promise<readonly string[]> {
    return [];
  }

  override async entriesByFolder(): Promise<readonly unknown[]> {
    return [];
  }

  override async entriesByFiles(): Promise<readonly unknown[]> {
    return [];
  }

  override async deleteFiles(paths: readonly string[], commitMessage: string): Promise<unknown> {
    const result = await super.deleteFiles(paths, commitMessage);
    deletion.last = 'deleted';
    return result;
  }

  override async deleteUnpublishedEntry(collection: string, slug: string): Promise<unknown> {
    const result = await super.deleteUnpublishedEntry(collection, slug);
    deletion.last = 'draft-deleted';
    return result;
  }

  override async persistEntry(
    { dataFiles: [file] }: { dataFiles: readonly { path: string; slug: string; raw: string }[] },
    options: { collectionName: string; status?: string },
  ): Promise<unknown> {
    if (!file) throw new Error('Decap saves an entry without a file.');
    const save = (): SentSave => ({
      dataFiles: [{ ...file, baseId: bases.get(file.path) ?? null }],
      assets: [],
      options: { ...options, status: options.status ?? 'draft' },
      copies: copiesOfSave(),
    });
    const before = this.#unanswered.get(file.path);
    if (before && before.dataFiles[0].raw !== file.raw) {
      // The text has changed since the unanswered save. Send that save first: the new one starts from its version.
      await this.#save(before).catch((error: unknown) => {
        if (this.#unanswered.get(file.path)) throw error;
      });
    }
    return this.#save(save());
  }

  /**
   * Sends a save and resolves to the desk's result. If the response is lost, keeps the save; `persistEntry` sends it
   * again the next time, and the desk recognises it.
   * @throws the error to show if the save failed or its response was lost.
   */
  async #save(save: SentSave): Promise<unknown> {
    const [file] = save.dataFiles;
    const result = await this.#call('persistEntry', { ...save }).then(
      (response) => saved.parse(response),
      (error: unknown) => {
        throw this.#unanswered.recordFailure(save, error);
      },
    );
    this.#unanswered.settle(file.path);
    hideSignedOutToast();
    for (const [path, id] of Object.entries(result.ids)) bases.set(path, id);
    // Counts a draft that was saved here as shown.
    const key = `${save.options.collectionName}/${file.slug}`;
    this.#seen.set(key, result.tree);
    const shown = this.#shown.get(key);
    if (shown) this.#shown.set(key, { ...shown, status: 'draft' });
    return result;
  }

  /** Returns the parameters that all decisions (changes of status, publication) have in common. */
  #decision(collection: string, slug: string): Record<string, unknown> {
    const seen = this.#seen.get(`${collection}/${slug}`);
    return { collection, slug, ...(seen === undefined ? {} : { seen }) };
  }

  /**
   * Sends a decision on a draft. If the desk refuses it because the draft has faults, the form lists them.
   * @throws DeskError if the desk refuses or cannot be reached.
   */
  async #decide(action: string, collection: string, slug: string, params: Record<string, unknown>): Promise<unknown> {
    const key = `${collection}/${slug}`;
    try {
      const result = await this.#call(action, params);
      refusedFaults.settle(key);
      return result;
    } catch (error) {
      if (error instanceof DeskError) refusedFaults.record(key, error);
      throw error;
    }
  }

  override async updateUnpublishedEntryStatus(collection: string, slug: string, newStatus: string): Promise<unknown> {
    const key = `${collection}/${slug}`;
    const shown = this.#shown.get(key);
    const reason = newStatus === 'draft' ? reasonToReturn(shown) : undefined;
    const decision = { ...this.#decision(collection, slug), newStatus, ...(reason === undefined ? {} : { reason }) };
    const result = await this.#decide('updateUnpublishedEntryStatus', collection, slug, decision);
    if (shown) this.#shown.set(key, { ...shown, status: newStatus });
    return result;
  }

  override async publishUnpublishedEntry(collection: string, slug: string): Promise<unknown> {
    const decision = this.#decision(collection, slug);
    const result = await this.#decide('publishUnpublishedEntry', collection, slug, decision);
    const parsed = published.safeParse(result);
    if (parsed.success) {
      const { milliseconds, address } = parsed.data.live;
      const text = `已上线，用时 ${Math.round(milliseconds)} 毫秒。`;
      showToast({ kind: 'done', text, link: { address, text: '打开网页' } });
    }
    // Reload the reference options: a new story or unit may be among them.
    void loadSiteSettings().catch(() => undefined);
    return result;
  }

  /** Resolves to an empty list: Decap's media library is not used, because photos belong to their entries. */
  override async getMedia(): Promise<readonly unknown[]> {
    return [];
  }
}
