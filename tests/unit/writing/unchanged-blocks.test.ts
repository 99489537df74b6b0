// A text that is opened and saved keeps its bytes, and a change of one block keeps the bytes of all others.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Node } from 'prosemirror-model';
import { describe, expect, test } from 'vitest';
import { partsOfFile } from '../../../src/model/document.ts';
import { PROJECT_ROOT } from '../../../src/render/compile/build-cache.ts';
import { renderMarkdown } from '../../../src/text/markdown.ts';
import { readDocument } from '../../../src/writing/document/read-document.ts';
import { nodes, schema } from '../../../src/writing/document/schema.ts';
import { writeDocument } from '../../../src/writing/document/write-document.ts';
import { Random } from '../../fixtures/random.ts';
import { randomMarkdown } from '../../fixtures/writing/random-markdown.ts';
import { shownByDocument, shownByHtml } from '../../fixtures/writing/shown-content.ts';
import { seedsOf, sized } from '../../run-size.ts';

const TEXTS = sized({ usual: 500, long: 5000 });

const samples = globSync('content/**/*.md', { cwd: PROJECT_ROOT })
  .sort()
  .map((file) => ({ file, body: partsOfFile(file, readFileSync(join(PROJECT_ROOT, file), 'utf8'))?.body ?? '' }));

function randomTexts(seed: number): string[] {
  const random = new Random(seed);
  return Array.from({ length: TEXTS }, () => randomMarkdown(random));
}

function savedUnchanged(markdown: string): string {
  const source = readDocument(markdown);
  source.document.check();
  return writeDocument(source.document, source).markdown;
}

/** Returns a block with one more character in its first text, or undefined if there is no text. */
function withCharacter(block: Node): Node | undefined {
  if (block.isText) return schema.text(`新${block.text}`, block.marks);
  const children = [...block.children];
  const index = children.findIndex((child) => withCharacter(child) !== undefined);
  const changed = children[index] && withCharacter(children[index]);
  return changed && block.copy(block.content.replaceChild(index, changed));
}

/** A text in which one character of one block was typed. */
interface ChangedText {
  before: string;
  after: string;
  /** Whether the other blocks have their bytes. */
  areOthersUnchanged: boolean;
  /** Whether what is between the blocks has its bytes too. */
  areGapsUnchanged: boolean;
}

/** Types a character in each block of a text that has text, in one block at a time. */
function changedTexts(before: string): ChangedText[] {
  const source = readDocument(before);
  let start = source.start.length;
  let gapBefore = source.start;
  return source.blocks.flatMap((block, index) => {
    const end = start + block.markdown.length;
    const changed = withCharacter(block.node);
    const [first, last] = [before.slice(0, start), before.slice(end)];
    const [others, rest] = [first.slice(0, first.length - gapBefore.length), last.slice(block.gap.length)];
    start = end + block.gap.length;
    gapBefore = block.gap;
    if (!changed) return [];
    const document = source.document.copy(source.document.content.replaceChild(index, changed));
    const { markdown: after, isFaithful } = writeDocument(document, source);
    const isSaved = isFaithful && after.includes('新');
    return {
      before,
      after,
      areOthersUnchanged: isSaved && after.startsWith(others) && after.endsWith(rest),
      areGapsUnchanged: isSaved && after.startsWith(first) && after.endsWith(last),
    };
  });
}

test('There are samples', () => {
  expect(samples.length).toBeGreaterThan(30);
});

describe.each(samples)('$file', ({ body }) => {
  test('is saved unchanged', () => {
    expect(savedUnchanged(body)).toBe(body);
  });

  test('has only blocks that can be edited', () => {
    const kept = readDocument(body).blocks.filter(({ node }) => node.type === nodes.kept);
    expect(kept.map(({ markdown }) => markdown)).toEqual([]);
  });

  test('changes in one block where one character is typed', () => {
    expect(changedTexts(body).filter(({ areGapsUnchanged }) => !areGapsUnchanged)).toEqual([]);
  });
});

test('Written without their source, the samples differ only in the rules of tables', () => {
  const withoutRules = (markdown: string): string => markdown.trim().replace(/^[|: -]+$/gmu, '');
  for (const { body } of samples) {
    const { markdown } = writeDocument(readDocument(body).document);
    expect(withoutRules(markdown)).toBe(withoutRules(body));
  }
});

describe.each(seedsOf('random Markdown', 7))(`${TEXTS} random Markdown texts, seed %i`, (seed) => {
  const texts = randomTexts(seed);

  test('are saved unchanged', () => {
    expect(texts.filter((markdown) => savedUnchanged(markdown) !== markdown)).toEqual([]);
  });

  test('are shown as their page shows them', () => {
    // Browsers do not agree whether a line end between Chinese characters is a space. A paragraph with only an empty
    // link shows nothing.
    const withoutSpaces = (parts: string[]): string =>
      parts
        .filter((part) => part !== ' ')
        .join('')
        .replaceAll('<p></p>', '');
    const differences = texts
      .map((markdown) => ({
        markdown,
        page: withoutSpaces(shownByHtml(renderMarkdown(markdown))),
        editor: withoutSpaces(shownByDocument(readDocument(markdown).document, readDocument(markdown))),
      }))
      .filter(({ page, editor }) => page !== editor);
    expect(differences.slice(0, 3)).toEqual([]);
  });

  test('change in one block where one character is typed', () => {
    const changed = texts.flatMap(changedTexts);
    expect(changed.filter(({ areOthersUnchanged }) => !areOthersUnchanged).slice(0, 3)).toEqual([]);
    // Only a block that ended without an empty line, such as an empty item before a paragraph, needs one afterwards.
    const withOtherGaps = changed.filter(({ areGapsUnchanged }) => !areGapsUnchanged);
    expect(withOtherGaps.length).toBeLessThan(changed.length / 100);
  });

  test('are faithful with a block more and with a block less', () => {
    const random = new Random(seed + 1);
    const unfaithful = texts.flatMap((markdown) => {
      const source = readDocument(markdown);
      const blocks = source.document.children;
      const at = random.between(0, blocks.length - 1);
      const added = nodes.paragraph.create(null, schema.text('1. 新加一段'));
      const changed = [blocks.toSpliced(at, 0, added), [...blocks, added], blocks.toSpliced(at, 1)];
      return changed
        .filter((content) => content.length > 0)
        .map((content) => writeDocument(nodes.doc.create(null, content), source))
        .filter(({ isFaithful }) => !isFaithful)
        .map((written) => ({ before: markdown, after: written.markdown }));
    });
    expect(unfaithful.slice(0, 3)).toEqual([]);
  });
});
