import { join } from 'node:path';
import { runCommand } from './command.ts';
import type { Story } from './corpus.ts';
import { openPeer, writeSite, type Peer } from './peer.ts';

const CONFIG = `
baseURL = "http://127.0.0.1/"
languageCode = "zh-cn"
title = "和你在一起"
disableKinds = ["section", "sitemap", "404"]
[taxonomies]
  unit = "unit"
  activity = "activity"
  year = "year"
[outputs]
  home = ["HTML", "RSS"]
  taxonomy = ["HTML"]
  term = ["HTML"]
[services.rss]
  limit = 20
`;

const PAGE = `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{{ .Title }}</title></head><body>
<h1>{{ .Title }}</h1><p><time>{{ .Date.Format "2006-01-02" }}</time> <a href="/unit/{{ .Params.unit }}/">{{ .Params.unit }}</a>
<a href="/activity/{{ .Params.activity }}/">{{ .Params.activity }}</a></p>{{ .Content }}</body></html>
`;

const list = (
  pages: string,
): string => `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{{ .Title }}</title></head><body>
<h1>{{ .Title }}</h1><ul>{{ range ${pages} }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a> {{ .Date.Format "2006-01-02" }}</li>{{ end }}</ul></body></html>
`;

/**
 * Returns a contender that runs Hugo in a new process for each run: without its own server, Hugo has no long-lived
 * process. Resolves to undefined if Hugo is not installed.
 * @param root the folder in which the site is written.
 */
export async function hugo(root: string, stories: readonly Story[]): Promise<Peer | undefined> {
  await writeSite(root, {
    'config.toml': CONFIG,
    'layouts/_default/single.html': PAGE,
    'layouts/_default/list.html': list('.Pages'),
    'layouts/index.html': list('first 20 .Site.RegularPages'),
  });
  const version = await runCommand('hugo', ['version'], { cwd: root }).catch(() => undefined);
  if (!version) return undefined;
  return openPeer({
    name: `Hugo ${/v(\d+\.\d+\.\d+)/u.exec(version.output)?.[1] ?? ''}`,
    stories,
    content: join(root, 'content/stories'),
    pages: join(root, 'public/stories'),
    build: async () => runCommand('hugo', ['--quiet', '--cacheDir', join(root, 'cache')], { cwd: root }),
  });
}
