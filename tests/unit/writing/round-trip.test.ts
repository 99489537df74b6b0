// What is written in the body field is saved as Markdown whose page shows the same, for every document.
import type { Node } from 'prosemirror-model';
import { expect, test } from 'vitest';
import { renderMarkdown } from '../../../src/text/markdown.ts';
import { canonicalForm } from '../../../src/writing/document/canonical-form.ts';
import { readDocument } from '../../../src/writing/document/read-document.ts';
import { nodes, schema } from '../../../src/writing/document/schema.ts';
import { writeDocument } from '../../../src/writing/document/write-document.ts';
import { Random } from '../../fixtures/random.ts';
import { RandomDocuments } from '../../fixtures/writing/random-document.ts';
import { shownByDocument, shownByHtml } from '../../fixtures/writing/shown-content.ts';
import { seedsOf, sized } from '../../run-size.ts';

const DOCUMENTS = sized({ usual: 500, long: 5000 });

/** Returns the characters of a document that a reader sees, without blanks. */
function visibleCharacters(document: Node): string {
  const invisible = /[\s\u00ad\u200b\u2060\ufeff\u0085]|\p{Cc}|\p{Surrogate}/gu;
  return document.textContent.replace(invisible, '');
}

function failures(seed: number, check: (document: Node) => unknown, expected: (document: Node) => unknown): unknown[] {
  const random = new RandomDocuments(new Random(seed));
  const failed: unknown[] = [];
  for (let index = 0; index < DOCUMENTS && failed.length < 3; index += 1) {
    const document = random.document();
    document.check();
    const [is, should] = [check(document), expected(document)];
    if (JSON.stringify(is) !== JSON.stringify(should))
      failed.push({ index, is, should, markdown: writeDocument(document).markdown, document: document.toString() });
  }
  return failed;
}

test.each(seedsOf('round trip of documents', 5))(
  `The page of a document shows what its writer sees: ${DOCUMENTS} documents, seed %i`,
  (seed) => {
    const onPage = (document: Node): string[] => shownByHtml(renderMarkdown(writeDocument(document).markdown));
    expect(failures(seed, onPage, (document) => shownByDocument(canonicalForm(document)))).toEqual([]);
  },
);

test.each(seedsOf('documents read again', 99))(
  `What is written is read as the same document: ${DOCUMENTS} documents, seed %i`,
  (seed) => {
    const again = (document: Node): unknown => {
      const { markdown, isFaithful } = writeDocument(document);
      return [isFaithful, canonicalForm(readDocument(markdown).document).toJSON()];
    };
    expect(failures(seed, again, (document) => [true, canonicalForm(document).toJSON()])).toEqual([]);
  },
);

test.each(seedsOf('canonical forms', 1))(
  `The canonical form is settled and has all text: ${DOCUMENTS} documents, seed %i`,
  (seed) => {
    const settled = (document: Node): unknown => {
      const form = canonicalForm(document);
      form.check();
      return [canonicalForm(form).toJSON(), visibleCharacters(form)];
    };
    expect(failures(seed, settled, (one) => [canonicalForm(one).toJSON(), visibleCharacters(one)])).toEqual([]);
  },
);

test.each(seedsOf('documents opened again', 3))(
  `A saved document is saved unchanged, and a new paragraph changes nothing else: ${DOCUMENTS} documents, seed %i`,
  (seed) => {
    const opened = (document: Node): unknown => {
      const { markdown } = writeDocument(document);
      const source = readDocument(markdown);
      const paragraph = nodes.paragraph.create(null, schema.text('又一段'));
      const longer = writeDocument(source.document.copy(source.document.content.addToEnd(paragraph)), source);
      return [writeDocument(source.document, source).markdown === markdown, longer.isFaithful];
    };
    expect(failures(seed, opened, () => [true, true])).toEqual([]);
  },
);
