// Guesses are kept where `npm run import` puts them too: in a comment on the draft, which names what is to be checked.
import { entryFile } from '../../model/entry-path.ts';
import { collectionNames } from '../../model/fields/collection-names.ts';
import { guessesOfComment, withGuesses, type GuessName } from '../../word/fields/guesses.ts';
import {
  addComment,
  announceComments,
  commentsOn,
  updateComment,
  type CommentPlace,
} from '../comments/comment-client.ts';
import { textIn, type DecapMap, type EntryMap } from '../widgets/widget.ts';
import { openForm } from './form.ts';
import { announce, ImportRecord, importRecord, setImportRecord, wordCollectionOf } from './import-record.ts';

/** The last writing of a comment: the next one waits for it. */
let writing: Promise<void> = Promise.resolve();

/** Returns the place of the comments on an entry from the path of its file. */
function placeOf(path: string): CommentPlace {
  const [, collection = '', slug = ''] = /^([^/]+)\/(.+)\.\w+$/u.exec(path) ?? [];
  return { collection, slug };
}

/** Adds a comment and makes it the one of a record. */
async function add(record: ImportRecord, place: CommentPlace, text: string): Promise<void> {
  await addComment(place, text);
  const own = (await commentsOn(place)).findLast(({ isOwn, content }) => isOwn && content === text);
  record.stored = own && { id: own.id, isOwn: true };
}

async function write(record: ImportRecord): Promise<void> {
  const place = placeOf(record.path);
  const { stored, unsettled } = record;
  const text = withGuesses(record.comment, unsettled);
  if (unsettled.length === 0) {
    if (stored) await updateComment(place, stored.id, { resolved: true });
    record.stored = undefined;
  } else if (stored?.isOwn === true) await updateComment(place, stored.id, { content: text });
  else {
    // The comment of an import cannot be changed: a shorter one takes its place.
    await add(record, place, text);
    if (stored) await updateComment(place, stored.id, { resolved: true });
  }
  announceComments();
}

/** Writes the guesses of a record into its comment. A failure is not shown: the next save or press writes them again. */
async function store(record: ImportRecord): Promise<void> {
  writing = writing.then(async () => write(record)).catch(() => undefined);
  await writing;
}

/** Loads what is to be checked in the entry that is open, from the comments on it. Ignores failures. */
export async function loadGuesses(): Promise<void> {
  const before = openForm();
  if (!before || before.path === '' || importRecord() || !wordCollectionOf(before.collection)) return;
  const comments = await commentsOn(placeOf(before.path)).catch(() => []);
  const form = openForm();
  const found = comments.findLast(({ resolved, content }) => !resolved && guessesOfComment(content).length > 0);
  if (!found || form?.path !== before.path || importRecord()) return;
  const record = new ImportRecord(form, guessesOfComment(found.content), found.content);
  record.isSaved = true;
  record.stored = { id: found.id, isOwn: found.isOwn };
  setImportRecord(record);
}

/** Counts a guess in the entry that is open as checked. */
export function confirmGuess(name: GuessName): void {
  const record = importRecord();
  if (!record) return;
  record.confirm(name);
  announce();
  if (record.isSaved) void store(record);
}

function isData(value: unknown): value is DecapMap {
  return typeof value === 'object' && value !== null && 'get' in value;
}

/** Keeps what is to be checked in an entry that was just saved. Never rejects. */
export async function keepGuesses(entry: EntryMap): Promise<void> {
  const record = importRecord();
  const name = collectionNames.find((one) => one === textIn(entry, 'collection'));
  const data = entry.get('data');
  if (!record || name === undefined || !isData(data)) return;
  const path = textIn(entry, 'path') || entryFile(name, (key) => String(data.get(key) ?? ''));
  if (path === undefined) return;
  record.settle(path);
  await store(record);
}
