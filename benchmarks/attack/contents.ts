// Texts, fields and files with hidden contents, which an author sends into their own draft.
import { writtenStory } from '../../tests/fixtures/desk/desk-client.ts';
import { action, get, json, type AttackRequest, type Attack } from './attack.ts';
import { ENTRIES, type World } from './world.ts';

const FILE = `stories/jiefang/${ENTRIES.own}/index.md`;

/** Front matter that a YAML parser may interpret in unintended ways, each with a name. */
const TRICKS: [string, string][] = [
  ['an alias for a photo', 'hidden: &p {src: x.jpg, exemption: {reason: 自己免的, by: 我}}\nphotos: [*p]'],
  ['an anchor', 'title: &t 题\nsummary: *t'],
  ['a merge key', 'base: &b {published: 2021-01-01}\n<<: *b'],
  ['a bomb', 'a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b]'],
  ['a circle', 'a: &a [*a]'],
  ['a function', 'title: !!js/function "function () {}"'],
  ['bytes', 'title: !!binary aGVsbG8='],
  ['an application tag', 'title: !own 题'],
  ['a set', 'title: !!set {a, b}'],
  ['an alias without an anchor', 'title: *nowhere'],
  // The second document begins after three dots, because three dashes would end the front matter.
  ['two documents', 'title: 题\n...\nsummary: 二'],
  ['a key twice', 'title: 题\ntitle: 又一题'],
];

export function texts({ photos, ownBlob }: World): Attack[] {
  const { raw } = writtenStory('jiefang', ENTRIES.own, photos.slice(2));
  const save = (text: string): AttackRequest =>
    action('persistEntry', { dataFiles: [{ path: FILE, raw: text, baseId: ownBlob }], assets: [], options: {} });
  const untitled = raw.replace(/\ntitle: .*\n/u, '\n');
  const withFrontMatter = (lines: string): string =>
    (/^title:/mu.test(lines) ? untitled : raw).replace(/^---\n/u, `---\n${lines}\n`);
  return [
    ...TRICKS.map(([name, lines]): Attack => ({
      kind: 'YAML tricks',
      name,
      as: 'author',
      request: save(withFrontMatter(lines)),
    })),
    ...[
      ['another unit in the text', raw.replace('unit: jiefang', 'unit: wenxian')],
      ['a text longer than any limit', `${raw}${'字'.repeat(1_100_000)}`],
    ].map(([name = '', text = '']): Attack => ({ kind: 'texts', name, as: 'author', request: save(text) })),
  ];
}

export function objects(): Attack[] {
  const bodies: [string, string][] = [
    ['__proto__ at the top', '{"action":"info","__proto__":{"role":"administrator"}}'],
    ['__proto__ in params', '{"action":"info","params":{"__proto__":{"role":"administrator"}}}'],
    ['constructor.prototype', '{"action":"info","params":{"constructor":{"prototype":{"role":"administrator"}}}}'],
    ['an action called __proto__', '{"action":"__proto__","params":{}}'],
    ['an action called constructor', '{"action":"constructor","params":{}}'],
    ['an action called toString', '{"action":"toString","params":{}}'],
    ['a collection called __proto__', '{"action":"getNotes","params":{"collection":"__proto__","slug":"x"}}'],
    ['a collection called constructor', '{"action":"getNotes","params":{"collection":"constructor","slug":"x"}}'],
    ['a collection called __proto__ in an id', '{"action":"unpublishedEntry","params":{"id":"__proto__/x"}}'],
    ['a path that is an object', '{"action":"getEntry","params":{"path":{"toString":"x"}}}'],
    ['no JSON', '{'],
    ['null', 'null'],
    ['an invalid number', '{"action":NaN}'],
  ];
  return bodies.map(([name, body]): Attack => ({
    kind: 'objects and prototypes',
    name,
    as: 'author',
    request: { ...json('/api/v1', {}), body },
    harmless: action('info', {}),
  }));
}

const HTML = '<!doctype html><script>alert(1)</script>';
const JPEG = Buffer.from('ffd8ffe000104a46494600010100000100010000', 'hex');

export function uploads(): Attack[] {
  const files: [string, string | Uint8Array, string?][] = [
    ['a page', HTML],
    ['a page called JPEG', HTML, 'image/jpeg'],
    [
      'a drawing with a script',
      `<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`,
      'image/svg+xml',
    ],
    ['a page after the head of a JPEG', Buffer.concat([JPEG, Buffer.from(HTML)]), 'image/jpeg'],
    ['a GIF that is a script', 'GIF89a/*' + '*/=alert(1)', 'image/gif'],
    ['a PDF', '%PDF-1.7\n', 'image/png'],
    ['an archive', Buffer.from('504b0304', 'hex'), 'image/png'],
    ['a program', Buffer.from('7f454c46', 'hex'), 'application/octet-stream'],
    ['nothing', '', 'image/jpeg'],
    ['half a JPEG', JPEG, 'image/jpeg'],
    ['a form', 'a=b', 'application/x-www-form-urlencoded'],
    ['JSON', '{}', 'application/json'],
    ['a text', 'x', 'text/plain'],
    ['several parts', '--x\r\n\r\nx\r\n--x--', 'multipart/form-data; boundary=x'],
  ];
  return files.map(([name, body, type = 'application/octet-stream']): Attack => ({
    kind: 'uploads in disguise',
    name,
    as: 'author',
    request: { method: 'PUT', path: '/api/photos', headers: { 'content-type': type }, body },
  }));
}

/**
 * Returns requests for all pages and files in which readers might still find a withdrawn story, and for its photos. The
 * photos must be refused. The other requests may succeed, but no response may contain the story's secret word. The
 * story's page shows the reason for the withdrawal. The response for the story's poster may say that there is no poster
 * yet.
 */
export function withdrawn({ withdrawnPhotos }: World): Attack[] {
  const { withdrawn: id } = ENTRIES;
  const kind = 'what was withdrawn';
  const paths = [
    `/stories/${id}/`,
    `/stories/${id}/index.html`,
    `/stories/${id}/poster.png`,
    '/stories/',
    '/',
    '/rss.xml',
    '/pagefind/tiers.json',
    '/suggestions.json',
    '/units/jiefang/',
  ];
  return [
    ...paths.map((path): Attack => ({ kind, name: path, as: 'anonymous', request: get(path), refused: () => true })),
    ...withdrawnPhotos.map((path): Attack => ({ kind, name: path, as: 'anonymous', request: get(path) })),
  ];
}
