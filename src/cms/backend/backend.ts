import { ProxyBackend } from 'decap-cms-backend-proxy';
import { EditorialWorkflowError } from 'decap-cms-lib-util';
import { z } from 'zod';
import { ask, DeskError, whenReachable, post } from './desk-client.ts';
import { isUnansweredAtNew, UnansweredSaves, type SentSave } from './unanswered-saves.ts';
import { loadCurrentEditor } from './current-editor.ts';
import { showToast } from './toast.ts';
import { reasonToReturn, type ReturnableDraft } from './return-reason.ts';
import { SignIn } from './sign-in.ts';
import { loadSiteSettings } from './site-settings.ts';

const gotten = z.looseObject({ data: z.string().nullable(), file: z.looseObject({ id: z.string().nullable() }) });
const dataFile = z.object({ data: z.string(), id: z.string() });
const draft = z.looseObject({
  collection: z.string(),
  slug: z.string(),
  tree: z.string(),
  status: z.string(),
  own: z.boolean(),
  diffs: z.array(z.looseObject({ path: z.string() })),
});
const drafts = z.array(z.string());
const saved = z.looseObject({ ids: z.record(z.string(), z.string()).default({}), tree: z.string() });
const published = z.object({ live: z.object({ milliseconds: z.number(), pages: z.number(), address: z.string() }) });

const DATA_FILE = /\.(?:md|yml)$/u;

/**
 * Decap's way to the desk: the protocol of its proxy backend behind the desk's session, with two locks against
 * overwriting others: a save names the version it started from, a decision names the draft that was looked at.
 */
export class UnionBackend extends ProxyBackend {
  /** The version each file was last read or saved in; null: it is new. */
  readonly #bases = new Map<string, string | null>();
  /** The tree of each draft as it was last shown. */
  readonly #seen = new Map<string, string>();
  /** How each draft stood when it was last shown. */
  readonly #shown = new Map<string, ReturnableDraft>();
  readonly #lost = new UnansweredSaves();

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
    const entry = gotten.parse(await this.#call('getEntry', { path }));
    this.#bases.set(path, entry.file.id);
    return entry;
  }

  /** Photos are the desk's business: Decap hears of the entry's own file only. */
  override async unpublishedEntry(asked: { id?: string; collection?: string; slug?: string }): Promise<unknown> {
    try {
      if (this.#lost.hides(asked)) throw new DeskError('', 404);
      const entry = draft.parse(await this.#call('unpublishedEntry', asked));
      this.#seen.set(`${entry.collection}/${entry.slug}`, entry.tree);
      this.#shown.set(`${entry.collection}/${entry.slug}`, entry);
      return { ...entry, diffs: entry.diffs.filter(({ path }) => DATA_FILE.test(path)) };
    } catch (error) {
      const isAbsent = error instanceof DeskError && error.status === 404;
      if (isAbsent || isUnansweredAtNew(asked, error)) {
        throw new EditorialWorkflowError('content is not under editorial workflow', true);
      }
      throw error;
    }
  }

  override async unpublishedEntryDataFile(collection: string, slug: string, path: string, id: string): Promise<string> {
    const file = dataFile.parse(await this.#call('unpublishedEntryDataFile', { collection, slug, path, id }));
    this.#bases.set(path, file.id);
    // What the desk has stands in the form now.
    this.#lost.settle(path);
    return file.data;
  }

  /** Without those that Decap must not know of yet. */
  override async unpublishedEntries(): Promise<readonly string[]> {
    const ids = drafts.parse(await this.#call('unpublishedEntries', {}));
    return ids.filter((id) => !this.#lost.hides({ id }));
  }

  override async persistEntry(
    { dataFiles: [file] }: { dataFiles: readonly { path: string; slug: string; raw: string }[] },
    options: { collectionName: string; status?: string },
  ): Promise<unknown> {
    if (!file) throw new Error('Decap saves an entry without a file.');
    const save = (): SentSave => ({
      dataFiles: [{ ...file, baseId: this.#bases.get(file.path) ?? null }],
      assets: [],
      options: { ...options, status: options.status ?? 'draft' },
    });
    const before = this.#lost.of(file.path);
    if (before && before.dataFiles[0].raw !== file.raw) {
      // More was written meanwhile. First it has to be known what became of the save before, to go on from it.
      await this.#save(before).catch((error: unknown) => {
        if (this.#lost.of(file.path)) throw error;
      });
    }
    return this.#save(save());
  }

  /** Saves. Where the answer is lost, the very same is sent again next time: the desk knows it again. */
  async #save(save: SentSave): Promise<unknown> {
    const [file] = save.dataFiles;
    const answer = await this.#call('persistEntry', { ...save }).then(
      (answered) => saved.parse(answered),
      (error: unknown) => {
        throw this.#lost.keep(save, error);
      },
    );
    this.#lost.settle(file.path);
    whenReachable();
    for (const [path, id] of Object.entries(answer.ids)) this.#bases.set(path, id);
    // What was saved here is what was seen here.
    const key = `${save.options.collectionName}/${file.slug}`;
    this.#seen.set(key, answer.tree);
    const shown = this.#shown.get(key);
    if (shown) this.#shown.set(key, { ...shown, status: 'draft' });
    return answer;
  }

  #decision(collection: string, slug: string): Record<string, unknown> {
    const seen = this.#seen.get(`${collection}/${slug}`);
    return { collection, slug, ...(seen === undefined ? {} : { seen }) };
  }

  override async updateUnpublishedEntryStatus(collection: string, slug: string, newStatus: string): Promise<unknown> {
    const key = `${collection}/${slug}`;
    const shown = this.#shown.get(key);
    const reason = newStatus === 'draft' ? reasonToReturn(shown) : undefined;
    const decision = { ...this.#decision(collection, slug), newStatus, ...(reason === undefined ? {} : { reason }) };
    const answer = await this.#call('updateUnpublishedEntryStatus', decision);
    if (shown) this.#shown.set(key, { ...shown, status: newStatus });
    return answer;
  }

  override async publishUnpublishedEntry(collection: string, slug: string): Promise<unknown> {
    const answer = await this.#call('publishUnpublishedEntry', this.#decision(collection, slug));
    const parsed = published.safeParse(answer);
    if (parsed.success) {
      const { milliseconds, address } = parsed.data.live;
      const text = `已上线，用时 ${Math.round(milliseconds)} 毫秒。`;
      showToast({ kind: 'done', text, link: { address, text: '打开网页' } });
    }
    // A new story or unit can be chosen from now on.
    void loadSiteSettings().catch(() => undefined);
    return answer;
  }

  /** Photos are not kept in Decap's library. */
  override async getMedia(): Promise<readonly unknown[]> {
    return [];
  }
}
