import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Source } from '../library/source.ts';
import type { EncodedStore } from '../photo/store.ts';
import type { Publisher } from '../render/publisher.ts';
import { today } from './calendar.ts';
import type { DeskOptions } from './desk.ts';
import { openDeskDatabase } from './desk-database.ts';
import { DraftPhotos } from './draft-photos.ts';
import { Drafts } from './drafts.ts';
import { Editing } from './editing.ts';
import { GitSource } from './git-source.ts';
import { Accounts } from './people/accounts.ts';
import { Audit } from './people/audit.ts';
import { Invitations } from './people/invitations.ts';
import { Policy } from './people/policy.ts';
import { Publication } from './publication.ts';
import { Publishing } from './publishing.ts';
import { Repository } from './repository.ts';
import { seed } from './seed.ts';
import { Review } from './review.ts';
import { clearSample } from './sample.ts';
import { Submissions } from './submissions.ts';
import { Uploads } from './uploads.ts';

export interface OpeningOptions {
  /** Folder of the running site's state. */
  data: string;
  /** What the repository is made from where there is none. */
  seeds: Source;
  store: EncodedStore;
  publisher: Promise<Publisher>;
  /** The folder of the editor's own files. */
  admin: Promise<string>;
  /** Where the desk is reached from outside, for links; undefined: as a request came in. */
  origin?: string | undefined;
  onTrouble(error: unknown): void;
  /** How long a git may take, in milliseconds; undefined: as long as git.ts says. */
  patience?: number | undefined;
}

/** The desk with everything it works on, open. */
export interface OpenDesk {
  options: DeskOptions;
  publication: Publication;
  /** What is published. */
  main: GitSource;
  accounts: Accounts;
  /** Path and query of a new link to make the first administrator; undefined: there is one. */
  firstPath(): string | undefined;
  /** Waits for writes under way and closes everything. */
  close(): Promise<void>;
}

/** The bare repository of a data folder. */
export function repositoryFolder(data: string): string {
  return join(data, 'content.git');
}

/**
 * Opens the desk of a data folder: clears away what a kill has left, makes the repository where there is none.
 * Undefined: another process has the folder.
 */
export async function openDesk(given: OpeningOptions): Promise<OpenDesk | undefined> {
  const { data, store, onTrouble } = given;
  mkdirSync(data, { recursive: true });
  const database = openDeskDatabase(join(data, 'desk.sqlite'));
  if (!database) return undefined;
  const repository = await Repository.open(repositoryFolder(data), given.patience);
  await seed(repository, given.seeds);
  const drafts = new Drafts(repository);
  await drafts.sweep();
  const accounts = await Accounts.open(database);
  const invitations = new Invitations(database, accounts);
  const audit = new Audit(database, onTrouble);
  const uploads = new Uploads(repository, database, store, join(data, 'uploads'));
  const photos = new DraftPhotos(repository, drafts, uploads, store);
  const publication = new Publication(given.publisher, onTrouble);
  const publishing = new Publishing(repository, drafts, publication, today);
  const editing = new Editing(repository, drafts, (src, author) => uploads.findFor(src, author)?.blob);
  const policy = new Policy(repository, drafts, accounts, async () => (await publication.site()).selfApproval);
  const library = async () => publication.library();
  const units = async () => (await library()).reader().units();
  return {
    publication,
    main: new GitSource(repository, await repository.head()),
    accounts,
    firstPath() {
      const token = invitations.first();
      return token === undefined ? undefined : `/desk/first?token=${token}`;
    },
    options: {
      repository,
      drafts,
      editing,
      publishing,
      review: new Review(drafts, publishing, policy),
      policy,
      accounts,
      invitations,
      audit,
      submissions: new Submissions(repository, drafts, library),
      library,
      units: async () => new Map((await units()).flatMap(({ code, name, active }) => (active ? [[code, name]] : []))),
      unitName: async (code) => (await units()).find((unit) => unit.code === code)?.name ?? code,
      origin: (request) => given.origin ?? `${request.protocol}://${request.host}`,
      hasSample: async () => (await publication.site()).sample,
      async clearSample(editor) {
        await clearSample(repository, drafts, publishing, editor);
        audit.note(editor, '清空示例内容');
      },
      uploads,
      photos,
      admin: given.admin,
      limits: async () => publication.limits(),
      choices: async () => publication.choices(),
      findingsOf: async (photo, file) => publication.findingsOf(photo, file),
      preview: async (name, raw, editor) =>
        publication.preview(name.file, raw, today(), async (src) => photos.fileOf(name, src, editor)),
      // Most photos are published later: they are encoded while the editor goes on writing.
      onUpload: ({ hash, blob }) => void store.encode(hash, async () => repository.bytes(blob)).catch(onTrouble),
      onTrouble,
    },
    async close() {
      await publishing.settled();
      repository.close();
      database.close();
    },
  };
}
