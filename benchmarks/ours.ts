// Measures our publisher in three ways: in a long-lived process, in a new process for each run, and as the command `npm
// run build`.
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PROJECT_ROOT } from '../src/render/compile/build-cache.ts';
import { runCommand } from './command.ts';
import { markOf, requireOnPage, type Contender, type Sample } from './contender.ts';
import {
  edited,
  laterStory,
  shiftingStory,
  storyFiles,
  storyFolder,
  storyOfRound,
  writeContent,
  writeStory,
  writeText,
  type Story,
} from './corpus.ts';
import { makePicture } from './pictures.ts';
import { reply, type Reply, type Request } from './protocol.ts';

/** The content and the folders that all our contenders share. */
export interface OurSite {
  stories: readonly Story[];
  pictures: readonly string[];
  /** Path of the folder with the pictures; new pictures are written there. */
  pictureFolder: string;
  /** Path of the folder for all files of one comparison, which has a fixed number of stories. */
  root: string;
}

export const ROWS = {
  text: 'text edit',
  title: 'title edit',
  story: 'new story, without encoding its photos',
  encoding: 'encoding its two photos',
  shift: 'worst case: new story at the oldest date',
  full: 'full render, photos encoded before',
  fresh: 'npm run build after a text edit: pages live',
  freshEnd: 'npm run build after a text edit: search too',
  restart: 'restart of the long-lived process',
  index: 'search index',
} as const;

/** A separate process that runs a publisher (host.ts). */
class Host {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  static async start(content: string, cache: string, state: string): Promise<Host> {
    const host = new Host(fork(join(import.meta.dirname, 'host.ts'), [content, cache, state]));
    await host.#receive();
    return host;
  }

  /**
   * Sends a job to the process and resolves to its reply. Only one job may run at a time.
   * @throws Error if the job failed or the content has faults.
   */
  async ask(job: Request): Promise<Reply> {
    const received = this.#receive();
    this.#child.send(job);
    const result = await received;
    if (result.failed !== undefined) throw new Error(result.failed);
    return result;
  }

  async end(): Promise<void> {
    if (!this.#child.connected) return;
    const exited = once(this.#child, 'exit');
    await this.ask({ ask: 'close' });
    await exited;
  }

  async #receive(): Promise<Reply> {
    const stop = new AbortController();
    const gone = once(this.#child, 'exit', { signal: stop.signal }).then(() => {
      throw new Error('The process that holds the publisher has ended: see the error above.');
    });
    const [message]: unknown[] = await Promise.race([once(this.#child, 'message', { signal: stop.signal }), gone]);
    gone.catch(() => undefined);
    stop.abort();
    return reply.parse(message);
  }
}

const contentOf = (root: string): string => join(root, 'content');
const cacheOf = (root: string): string => join(root, 'cache');

/**
 * The contender with a long-lived process. Writes each change, publishes it, and then checks that the story's page
 * shows the change.
 */
export class LongLived implements Contender {
  /** Duration of a start at which everything is already published. */
  readonly restart: Sample;
  readonly #site: OurSite;
  readonly #host: Host;
  readonly #state: string;

  private constructor(site: OurSite, host: Host, state: string, restart: Sample) {
    this.restart = restart;
    this.#site = site;
    this.#host = host;
    this.#state = state;
  }

  /**
   * Writes the content and publishes all of it in a first process. Then starts a second process, whose work is
   * measured: the second process has compiled and encoded nothing before.
   * @throws Error if the content has faults.
   */
  static async start(site: OurSite): Promise<LongLived> {
    const state = join(site.root, 'long-lived');
    await writeContent(contentOf(site.root), site.stories);
    const first = await Host.start(contentOf(site.root), cacheOf(site.root), state);
    await first.ask({ ask: 'publish' });
    await first.end();
    const start = performance.now();
    const host = await Host.start(contentOf(site.root), cacheOf(site.root), state);
    const { pages, parts, memory } = await host.ask({ ask: 'publish' });
    const restart = { row: ROWS.restart, milliseconds: performance.now() - start, pages, parts, memory };
    return new LongLived(site, host, state, restart);
  }

  async run(round: number): Promise<Sample[]> {
    const { stories, pictures, pictureFolder, root } = this.#site;
    const content = contentOf(root);
    const samples: Sample[] = [];

    const chosen = storyOfRound(stories, round);
    await writeText(content, edited(chosen, markOf(round)));
    samples.push(await this.#publish(ROWS.text, chosen, markOf(round), ['index.md']));

    const named = { ...storyOfRound(stories, -round), title: `第${round}轮改过的标题` };
    await writeText(content, named);
    samples.push(await this.#publish(ROWS.title, named, named.title, ['index.md']));

    const serial = 1000 + 2 * round;
    const later = laterStory(round, [
      await makePicture(pictureFolder, serial),
      await makePicture(pictureFolder, serial + 1),
    ]);
    await writeStory(content, later);
    const {
      milliseconds,
      parts: { photos = 0, ...parts } = {},
      ...rest
    } = await this.#publish(ROWS.story, later, later.title);
    samples.push({ ...rest, parts, milliseconds: milliseconds - photos }, { row: ROWS.encoding, milliseconds: photos });

    const shifting = shiftingStory(stories, round, pictures);
    await writeStory(content, shifting);
    samples.push(await this.#publish(ROWS.shift, shifting, shifting.title));
    return samples;
  }

  /** A separate contender that indexes the current site for the search. */
  get indexing(): Contender {
    return {
      run: async () => {
        const { milliseconds, pages } = await this.#host.ask({ ask: 'index' });
        return [{ row: ROWS.index, milliseconds, pages }];
      },
    };
  }

  async end(): Promise<void> {
    await this.#host.end();
  }

  /**
   * Publishes the changes of a story. `names` are the names of the files that have changed; by default all files.
   * @throws Error if the story's page then lacks `text`.
   */
  async #publish(row: string, story: Story, text: string, names?: readonly string[]): Promise<Sample> {
    const paths = names ? names.map((name) => `${storyFolder(story)}/${name}`) : storyFiles(story);
    const { milliseconds, pages, parts, memory } = await this.#host.ask({ ask: 'publish', paths });
    await requireOnPage(join(this.#state, 'site/stories', story.id, 'index.html'), text);
    return { row, milliseconds, pages, parts, memory };
  }
}

/**
 * Returns a contender that renders the whole site from nothing, in a new process for each run. Only the photos are
 * encoded before.
 */
export function fullRender({ root }: OurSite): Contender {
  return {
    async run() {
      const state = join(root, 'full');
      const host = await Host.start(contentOf(root), cacheOf(root), state);
      const { milliseconds, pages, parts, memory } = await host.ask({ ask: 'publish' });
      await host.end();
      await rm(state, { recursive: true });
      return [{ row: ROWS.full, milliseconds, pages, parts, memory }];
    },
  };
}

/**
 * Returns a contender that runs the command `npm run build` on a separate content folder. Runs it once before,
 * unmeasured. Each run is terminated before it draws posters: they take a second each, and thousands would have to be
 * drawn before the first round.
 */
export async function freshCommand({ stories, root }: OurSite): Promise<Contender> {
  const content = join(root, 'fresh-content');
  const output = join(root, 'fresh-site');
  await writeContent(content, stories);
  const env = { CONTENT_DIR: content, OUT_DIR: output, CACHE_DIR: cacheOf(root), BASE_URL: 'http://127.0.0.1:4321' };
  const build = async () =>
    runCommand('npm', ['run', '--silent', 'build'], { cwd: PROJECT_ROOT, env, await: '用时', until: '搜索索引' });
  await build();
  return {
    async run(round) {
      const chosen = storyOfRound(stories, round);
      await writeText(content, edited(chosen, markOf(round)));
      const { milliseconds, awaited, output: said } = await build();
      await requireOnPage(join(output, 'stories', chosen.id, 'index.html'), markOf(round));
      const pages = Number(/生成 (\d+) 页/u.exec(said)?.[1] ?? Number.NaN);
      return [
        { row: ROWS.fresh, milliseconds: awaited ?? Number.NaN, pages },
        { row: ROWS.freshEnd, milliseconds, pages },
      ];
    },
  };
}
