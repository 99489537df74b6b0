// Requests without a session, by a disabled account, by an account whose role was lowered, and by each role above its
// permissions.
import { action, form, get, json, type AttackRequest, type Attack } from './attack.ts';
import { ENTRIES, type Actor, type World } from './world.ts';

/**
 * Returns a request for every action and path that requires signing in. Each item is [name, request, flag]. The flag is
 * true if the request only reads and the author may send it.
 */
function everything({ photos, kept, version, seen, notes }: World): [string, AttackRequest, boolean][] {
  const [photo = ''] = photos;
  const slug = `jiefang/${ENTRIES.draft}/index`;
  const at = { collection: 'stories', slug };
  const path = `stories/jiefang/${ENTRIES.draft}/index.md`;
  const dataFiles = [{ path, raw: '---\nunit: jiefang\n---\n', baseId: null }];
  const actions: [string, Record<string, unknown>, boolean][] = [
    ['info', {}, true],
    ['getEntry', { path }, true],
    ['unpublishedEntry', at, true],
    ['unpublishedEntryDataFile', { ...at, path, id: '' }, true],
    ['getNotes', at, true],
    ['getMedia', {}, true],
    ['getDeployPreview', at, true],
    ['persistEntry', { dataFiles, assets: [], options: {} }, false],
    ['updateUnpublishedEntryStatus', { ...at, newStatus: 'pending_review', seen }, false],
    ['publishUnpublishedEntry', { ...at, seen }, false],
    ['withdrawEntry', { ...at, reason: '理由' }, false],
    ['deleteUnpublishedEntry', at, false],
    ['deleteFile', { path }, false],
    ['deleteFiles', { paths: [path] }, false],
    ['addNote', { ...at, note: { content: '我来过' } }, false],
    ['updateNote', { ...at, noteId: notes.draft, updates: { resolved: true } }, false],
    ['toggleNoteResolution', { ...at, noteId: notes.draft }, false],
    ['deleteNote', { ...at, noteId: notes.draft }, false],
  ];
  const addresses = [
    '/api/me',
    '/api/limits',
    '/api/choices',
    `/api/photos/stories/jiefang/${ENTRIES.draft}/${photo}`,
    `/api/judgements/stories/jiefang/${ENTRIES.draft}/${photo}`,
    '/admin/',
    `/admin/preview/stories/jiefang/${ENTRIES.draft}/`,
    '/desk/',
    '/desk/me',
    '/desk/reports',
    '/desk/entries/stories/',
    '/desk/board/',
    `/desk/history/${at.collection}/${slug}`,
    kept.draft,
    `/desk/version-photo/${version}/stories/jiefang/${ENTRIES.draft}/${photo}`,
  ];
  return [
    ...actions.map(([name, params, reads]): [string, AttackRequest, boolean] => [name, action(name, params), reads]),
    ['preview', json('/api/preview', { path, raw: '' }), false],
    ['upload', { method: 'PUT', path: '/api/photos', headers: { 'content-type': 'image/jpeg' }, body: 'x' }, false],
    ['change the password', form('/desk/me', { current: 'x', password: 'y' }), false],
    ['restore', form(`/desk/history/stories/${slug}`, { version }), false],
    ...addresses.map((one): [string, AttackRequest, boolean] => [one, get(one), true]),
  ];
}

const kinds = {
  anonymous: 'without a session',
  disabled: 'by a session of before the account was disabled',
} as const;

export function withoutSession(world: World): Attack[] {
  return (['anonymous', 'disabled'] as const).flatMap((as) =>
    everything(world).map(([name, request, reads]): Attack => ({
      kind: kinds[as],
      name,
      as,
      request,
      ...(reads ? { entitled: 'author' } : {}),
    })),
  );
}

/** Returns requests that only administrators or reviewers may send, sent by accounts with lower roles. */
export function aboveRole({ ids, seen }: World): Attack[] {
  const id = ids['author'] ?? '';
  const administering: [string, AttackRequest, boolean][] = [
    ['people', get('/desk/people'), true],
    ['the audit log', get('/desk/audit'), true],
    ['invite', form('/desk/people/invite', { name: '某人', role: 'administrator', unit: '' }), false],
    ['revoke an invitation', form('/desk/people/revoke', { token: 'x' }), false],
    ['a password link', form('/desk/people/link', { id }), false],
    ['disable', form('/desk/people/disable', { id }), false],
    ['enable', form('/desk/people/enable', { id }), false],
    ['change a role', form('/desk/people/change', { id, role: 'administrator', unit: '' }), false],
    ['clear the sample', form('/desk/clear-sample', {}), false],
    ['read the settings', action('getEntry', { path: 'site.yml' }), true],
    ['list the units', get('/desk/entries/units/'), true],
    [
      'change the settings',
      action('persistEntry', { dataFiles: [{ path: 'site.yml', raw: 'title: x\n', baseId: null }], options: {} }),
      false,
    ],
    [
      'make a unit',
      action('persistEntry', { dataFiles: [{ path: 'units/mine.yml', raw: 'name: x\n', baseId: null }], options: {} }),
      false,
    ],
  ];
  const at = { collection: 'stories', slug: `jiefang/${ENTRIES.draft}/index` };
  const published = { collection: 'stories', slug: `jiefang/${ENTRIES.published}/index` };
  const path = `stories/jiefang/${ENTRIES.published}/index.md`;
  const reviewing: [string, AttackRequest, boolean][] = [
    ['reports as a file', get('/desk/reports.csv'), true],
    ['approve', action('updateUnpublishedEntryStatus', { ...at, newStatus: 'pending_publish', seen }), false],
    ['publish', action('publishUnpublishedEntry', { ...at, seen }), false],
    ['withdraw', action('withdrawEntry', { ...published, reason: '理由' }), false],
    ['delete what is published', action('deleteFile', { path }), false],
    ['list the notices', get('/desk/entries/notices/'), true],
    [
      'write a notice',
      action('persistEntry', {
        dataFiles: [{ path: 'notices/x.md', raw: '---\ntitle: x\n---\n', baseId: null }],
        options: {},
      }),
      false,
    ],
  ];
  const of = (kind: string, as: Actor, list: typeof reviewing, entitled: Actor): Attack[] =>
    list.map(([name, request, reads]) => ({
      kind,
      name: `${name}, as ${as}`,
      as,
      request,
      ...(reads ? { entitled } : {}),
    }));
  return [
    ...of('above one’s role', 'author', administering, 'administrator'),
    ...of('above one’s role', 'reviewer', administering, 'administrator'),
    ...of('above one’s role', 'author', reviewing, 'reviewer'),
    ...of('after the role was lowered', 'lowered', reviewing, 'reviewer'),
    ...of('after the role was lowered', 'lowered', administering.slice(0, 8), 'administrator'),
  ];
}
