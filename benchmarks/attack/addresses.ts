// Paths that try to reach other files: `..`, encodings, and bytes that may end a file name.
import { action, get, type Attack } from './attack.ts';
import { ENTRIES, type World } from './world.ts';

const FILES = [
  '../../desk.sqlite',
  'stories/../../desk.sqlite',
  '/etc/passwd',
  'stories/jiefang/../../../desk.sqlite',
  'stories/jiefang/..%2f..%2fdesk.sqlite/index.md',
  'stories/.git/x/index.md',
  'stories/jiefang/-x/index.md',
  'stories/jiefang/x.lock/index.md',
  'stories/jiefang/a\u0000b/index.md',
  'stories/jiefang/a\nb/index.md',
  'stories/jiefang/a\u2028b/index.md',
  'stories\\jiefang\\x\\index.md',
  'stories//x/index.md',
  './stories/jiefang/x/index.md',
  'HEAD',
  'refs/heads/main',
  ':(glob)**',
  'stories/jiefang/x:y/index.md',
  '',
  'x'.repeat(5000),
];

const PATHS = [
  '/../desk.sqlite',
  '/..%2fdesk.sqlite',
  '/%2e%2e/desk.sqlite',
  '/%2e%2e%2fdesk.sqlite',
  '/..%5cdesk.sqlite',
  '/..;/desk.sqlite',
  '/%00',
  '/index.html%00.jpg',
  '/%c0%ae%c0%ae/desk.sqlite',
  '/%',
  '/%zz',
  '//desk.sqlite',
  '/./../desk.sqlite',
  '/.git/config',
  '/.journal',
  '/photos/..%2f..%2fdesk.sqlite',
  '/pagefind/..%2f..%2fdesk.sqlite',
];

const ADMIN = [
  '/admin/assets/../../desk.sqlite',
  '/admin/assets/..%2f..%2f..%2fdesk.sqlite',
  '/admin/assets/%2e%2e/%2e%2e/desk.sqlite',
  '/admin/assets/%00',
  '/admin/preview/stories/..%2f..%2fdesk.sqlite/',
  '/admin/preview/constructor/x/',
  '/api/photos/..%2f..%2fdesk.sqlite',
  '/api/photos/stories/jiefang/x/..%2findex.md',
  '/api/photos/%00.jpg',
  '/api/judgements/..%2f..%2fdesk.sqlite',
  '/desk/history/..%2f..%2fdesk.sqlite',
  '/desk/history/stories/%00',
  '/desk/conflict/stories/jiefang/x/index?kept=../../main',
  '/desk/version-photo/main/stories/jiefang/x/a.jpg',
];

/**
 * Returns requests with the paths above to the protocol, the site and the desk, and requests with invalid or unknown
 * ids of versions. The desk must refuse all of them.
 */
export function addresses({ version }: World): Attack[] {
  const commits = ['main', 'HEAD', '-x', '0'.repeat(40), `${version}^`, '--all', `${version}\n`];
  return [
    ...FILES.map((path): Attack => ({
      kind: 'traversal in the protocol',
      name: JSON.stringify(path).slice(0, 60),
      as: 'reviewer',
      request: action('getEntry', { path }),
      harmless: action('getEntry', { path: `stories/jiefang/${ENTRIES.published}/index.md` }),
    })),
    ...PATHS.map((path): Attack => ({
      kind: 'traversal in addresses of the site',
      name: path,
      as: 'anonymous',
      request: get(path),
      harmless: get('/'),
    })),
    ...ADMIN.map((path): Attack => ({
      kind: 'traversal in addresses of the desk',
      name: path,
      as: 'reviewer',
      request: get(path),
    })),
    ...commits.map((commit): Attack => ({
      kind: 'versions that are none',
      name: JSON.stringify(commit),
      as: 'reviewer',
      request: get(`/desk/history/stories/jiefang/${ENTRIES.published}/index?version=${encodeURIComponent(commit)}`),
      harmless: get(`/desk/history/stories/jiefang/${ENTRIES.published}/index`),
    })),
  ];
}
