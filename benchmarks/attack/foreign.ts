// Attacks on another unit's entries, with every action of the protocol and every path. The entries are a draft, a
// published story, a withdrawn story, a wish and a deleted wish. The unit of a wish is only in its text, not in its
// path.
import { writtenStory } from '../../tests/fixtures/desk/desk-client.ts';
import { action, get, json, type AttackRequest, type Attack } from './attack.ts';
import { ENTRIES, wishFile, type Actor, type World } from './world.ts';

interface Target {
  name: string;
  collection: string;
  slug: string;
  path: string;
  /**
   * A text of the entry that names the outsider's unit. `theirs` is a text that names the unit to which the entry
   * belongs.
   */
  own: string;
  theirs: string;
  note: string;
}

/**
 * Returns a request for each action on an entry. Each item is [name of the action, request, whether the action only
 * reads]. Reading actions come first and deleting ones last.
 */
function actionsOn(
  { collection, slug, path, own, theirs, note }: Target,
  seen: string,
): [string, AttackRequest, boolean][] {
  const at = { collection, slug };
  const single = { ...at, noteId: note };
  const save = (raw: string): AttackRequest =>
    action('persistEntry', { dataFiles: [{ path, slug, raw, baseId: null }], assets: [], options: {} });
  return [
    ['getEntry', action('getEntry', { path }), true],
    ['unpublishedEntry', action('unpublishedEntry', at), true],
    ['unpublishedEntry by id', action('unpublishedEntry', { id: `${collection}/${slug}` }), true],
    ['unpublishedEntryDataFile', action('unpublishedEntryDataFile', { ...at, path, id: '' }), true],
    ['getNotes', action('getNotes', at), true],
    ['preview as one’s own', json('/api/preview', { path, raw: own }), false],
    ['preview', json('/api/preview', { path, raw: theirs }), false],
    ['save as one’s own', save(own), false],
    ['save', save(theirs), false],
    ['addNote', action('addNote', { ...at, note: { content: '我来过' } }), false],
    ['updateNote: words', action('updateNote', { ...single, updates: { content: '改' } }), false],
    ['updateNote: resolved', action('updateNote', { ...single, updates: { resolved: true } }), false],
    ['toggleNoteResolution', action('toggleNoteResolution', single), false],
    ['deleteNote', action('deleteNote', single), false],
    ['unsavedCopies', action('unsavedCopies', at), true],
    [
      'keepUnsaved',
      action('keepUnsaved', { ...at, id: 'a-copy-of-theirs', revision: 1, baseId: null, text: own }),
      false,
    ],
    ['send to review', action('updateUnpublishedEntryStatus', { ...at, newStatus: 'pending_review', seen }), false],
    ['approve', action('updateUnpublishedEntryStatus', { ...at, newStatus: 'pending_publish', seen }), false],
    ['return', action('updateUnpublishedEntryStatus', { ...at, newStatus: 'draft', reason: '退' }), false],
    ['publish', action('publishUnpublishedEntry', { ...at, seen }), false],
    ['withdraw', action('withdrawEntry', { ...at, reason: '理由' }), false],
    ['withdraw a photo', action('withdrawPhoto', { ...at, src: 'a.jpg', reason: '理由' }), false],
    ['deleteFile', action('deleteFile', { path }), false],
    ['deleteFiles', action('deleteFiles', { paths: [path] }), false],
    ['deleteUnpublishedEntry', action('deleteUnpublishedEntry', at), false],
  ];
}

function targetsOf({ photos, notes }: World): Target[] {
  const story = (name: string, id: string): Target => ({
    name,
    collection: 'stories',
    slug: `jiefang/${id}/index`,
    path: `stories/jiefang/${id}/index.md`,
    own: writtenStory('wenxian', id, photos.slice(0, 2)).raw,
    theirs: writtenStory('jiefang', id, photos.slice(0, 2)).raw,
    note: notes.draft,
  });
  const wish = (name: string, id: string, note: string): Target => ({
    name,
    collection: 'wishes',
    slug: id,
    path: `wishes/${id}.yml`,
    own: wishFile(id, 'wenxian', '我的'),
    theirs: wishFile(id, 'jiefang', '他们的'),
    note,
  });
  return [
    story('a draft', ENTRIES.draft),
    story('a published story', ENTRIES.published),
    story('a withdrawn story', ENTRIES.withdrawn),
    wish('a wish', ENTRIES.wish, notes.wish),
    wish('a wish that is gone', ENTRIES.goneWish, notes.goneWish),
  ];
}

/**
 * Returns whether the author of an entry may read it with an action. Actions on drafts fail if the entry has no draft.
 * Of a deleted wish, only the comments can still be read.
 */
function isReadable({ name }: Target, operation: string): boolean {
  const drafted = /^unpublished/u.test(operation);
  return /^a (?:published|withdrawn) story$/u.test(name)
    ? !drafted
    : name === 'a wish that is gone'
      ? operation === 'getNotes'
      : true;
}

/** For each entry and action, the actor that may run it after all attacks. The order is from saving to deleting. */
const AFTERWARDS: Readonly<Record<string, Readonly<Record<string, Actor>>>> = {
  'a draft': {
    preview: 'author',
    addNote: 'author',
    'updateNote: words': 'author',
    'updateNote: resolved': 'author',
    toggleNoteResolution: 'author',
    deleteNote: 'author',
    'send to review': 'author',
    approve: 'reviewer',
    publish: 'reviewer',
    withdraw: 'reviewer',
    deleteFile: 'reviewer',
  },
  'a published story': { deleteFiles: 'reviewer' },
  'a withdrawn story': { deleteFile: 'reviewer' },
  'a wish': {
    addNote: 'author',
    'updateNote: words': 'author',
    'updateNote: resolved': 'author',
    toggleNoteResolution: 'author',
    deleteNote: 'author',
    deleteUnpublishedEntry: 'author',
  },
  'a wish that is gone': {
    'updateNote: words': 'author',
    'updateNote: resolved': 'author',
    toggleNoteResolution: 'author',
    deleteNote: 'author',
  },
};

export function foreignActions(world: World): Attack[] {
  return targetsOf(world).flatMap((target) =>
    actionsOn(target, world.seen).map(([operation, request, reads]): Attack => {
      const afterwards = AFTERWARDS[target.name]?.[operation];
      return {
        kind: reads ? 'another unit’s entry: read' : 'another unit’s entry: write',
        name: `${operation}, ${target.name}`,
        as: 'outsider',
        request,
        ...(reads && isReadable(target, operation) ? { entitled: 'author' } : {}),
        ...(afterwards ? { afterwards } : {}),
      };
    }),
  );
}

export function foreignAddresses({ photos, kept, version }: World): Attack[] {
  const [photo = ''] = photos;
  const draft = `jiefang/${ENTRIES.draft}`;
  const paths = [
    `/desk/history/stories/${draft}/index`,
    `/desk/history/stories/${draft}/index?version=${version}`,
    `/desk/history/wishes/${ENTRIES.wish}`,
    kept.draft,
    kept.wish,
    `/desk/version-photo/${version}/stories/${draft}/${photo}`,
    `/admin/preview/stories/${draft}/`,
    `/api/photos/stories/${draft}/${photo}`,
    `/api/photos/stories/${draft}/${photo}?as=light`,
    `/api/photos/${photo}`,
    `/api/judgements/stories/${draft}/${photo}`,
    `/api/judgements/${photo}`,
  ];
  const reading = paths.map((path): Attack => ({
    kind: 'another unit’s addresses',
    name: path,
    as: 'outsider',
    request: get(path),
    entitled: 'author',
  }));
  const gone = [kept.goneWish, `/desk/history/wishes/${ENTRIES.goneWish}`].map((path): Attack => ({
    kind: 'another unit’s addresses',
    name: path,
    as: 'outsider',
    request: get(path),
    entitled: 'reviewer',
  }));
  // The photo of another unit, put into an entry of the outsider's unit or requested through one.
  const misused: Attack[] = [
    {
      kind: 'another unit’s addresses',
      name: 'its photo through an own entry',
      as: 'outsider',
      request: get(`/api/photos/stories/wenxian/20210409-080000aa/${photo}`),
    },
    {
      kind: 'another unit’s addresses',
      name: 'its photo in an own story',
      as: 'outsider',
      request: action('persistEntry', {
        dataFiles: [
          {
            path: 'stories/wenxian/20210409-080000aa/index.md',
            raw: writtenStory('wenxian', '20210409-080000aa', [photo]).raw,
            baseId: null,
          },
        ],
        assets: [],
        options: {},
      }),
    },
    {
      kind: 'another unit’s addresses',
      name: 'an upload for its entry',
      as: 'outsider',
      request: {
        method: 'PUT',
        path: `/api/photos?entry=${encodeURIComponent(`stories/${draft}`)}`,
        headers: { 'content-type': 'image/jpeg' },
        body: 'x',
      },
    },
    {
      kind: 'another unit’s addresses',
      name: 'restoring its version',
      as: 'outsider',
      request: {
        method: 'POST',
        path: `/desk/history/stories/${draft}/index`,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: `version=${version}`,
      },
    },
    {
      kind: 'another unit’s addresses',
      name: 'taking over its kept text',
      as: 'outsider',
      request: {
        method: 'POST',
        path: kept.draft,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: 'take=all&stands=x',
      },
    },
  ];
  return [...reading, ...gone, ...misused];
}
