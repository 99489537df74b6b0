// Runs in a worker, so that the page stays responsive: reads one Word document.
import type { SiteNames } from '../../word/fields/story.ts';
import { WordRefused } from '../../word/package/refusal.ts';
import { readWord } from '../../word/read-word.ts';

/**
 * Message to the worker. It replies with `{ story }`, with `{ refused }` if the file is no readable document, or with
 * `{ failed: true }` if the browser cannot read the file.
 */
export interface ReadRequest {
  file: File;
  site: SiteNames;
}

function answer(bytes: Uint8Array, { file, site }: ReadRequest): object {
  try {
    return { story: readWord(bytes, file.name, site) };
  } catch (error) {
    if (error instanceof WordRefused) return { refused: error.refusal };
    throw error;
  }
}

self.addEventListener('message', ({ data }: MessageEvent<ReadRequest>) => {
  data.file.arrayBuffer().then(
    (buffer) => self.postMessage(answer(new Uint8Array(buffer), data)),
    () => self.postMessage({ failed: true }),
  );
});
