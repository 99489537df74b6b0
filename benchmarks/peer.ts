// Gives other site generators (peers) the stories and measures their rebuilds.
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Ended } from './command.ts';
import { markOf, requireOnPage, type Contender } from './contender.ts';
import { edited, storyOfRound, type Story } from './corpus.ts';

/** A site generator that ours is compared with. */
export interface Peer extends Contender {
  /** Name and version of the generator; also the name of its row in the table. */
  name: string;
}

export interface PeerSite {
  name: string;
  stories: readonly Story[];
  /** Path of the folder for the stories' Markdown files. */
  content: string;
  /** Path of the folder in which the generator writes the stories' pages. */
  pages: string;
  /** Rebuilds the site in a new process. */
  build: () => Promise<Ended>;
}

/** Writes the stories into a peer's prepared site and builds the site once, unmeasured. Resolves to the peer. */
export async function openPeer({ name, stories, content, pages, build }: PeerSite): Promise<Peer> {
  await mkdir(content, { recursive: true });
  const write = async (story: Story): Promise<void> => writeFile(join(content, `${story.id}.md`), peerText(story));
  for (const story of stories) await write(story);
  await build();
  return {
    name,
    async run(round) {
      const chosen = storyOfRound(stories, round);
      await write(edited(chosen, markOf(round)));
      const { milliseconds } = await build();
      await requireOnPage(join(pages, chosen.id, 'index.html'), markOf(round));
      return [{ row: name, milliseconds }];
    },
  };
}

/** Returns the text of a story without photos, in a form that all peers understand. */
function peerText({ title, date, unit, activity, body }: Story): string {
  const front = [
    `title: ${title}`,
    `date: ${date}`,
    `unit: ${unit}`,
    `activity: ${activity}`,
    `year: "${date.slice(0, 4)}"`,
  ];
  return ['---', ...front, '---', '', body, ''].join('\n');
}

/** Writes the files of a peer's site. The keys of `files` are paths below the folder `root`, the values are texts. */
export async function writeSite(root: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
}
