// Other site generators: how they get the stories, and how their rebuild is measured.
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Ended } from './command.ts';
import { markOf, requireOnPage, type Contender } from './contender.ts';
import { edited, storyOfRound, type Story } from './corpus.ts';

/** A generator to compare with. */
export interface Peer extends Contender {
  /** Its name and version, which is also the row of its samples. */
  name: string;
}

export interface PeerSite {
  name: string;
  stories: readonly Story[];
  /** Folder of the stories' Markdown files. */
  content: string;
  /** Folder of the stories' pages. */
  pages: string;
  /** Rebuilds in a new process. */
  build: () => Promise<Ended>;
}

/** Writes the stories into a peer's prepared site and builds it once, unmeasured; returns the peer. */
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

/** Returns the text of a story for a peer, in a form that all of them understand, without photos. */
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

/** Writes the files of a peer's site, by path below its folder. */
export async function writeSite(root: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
}
