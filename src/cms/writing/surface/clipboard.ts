import type { Node } from 'prosemirror-model';
import { Dropped } from '../../../writing/paste/dropped.ts';
import { readPastedHtml } from '../../../writing/paste/pasted-html.ts';
import { looksLikeMarkdown, readPastedMarkdown, readPastedText } from '../../../writing/paste/pasted-text.ts';
import { bodyTree, parseHtml } from './dom-tree.ts';
import { isOwnHtml } from './own-html.ts';

const MARKDOWN_READ =
  '贴进来的文字带有 Markdown 记号（如 #、**），已按记号排好。要照原样贴，请先撤销，再按 Ctrl+Shift+V。';

/** What is read from the clipboard, or from something that is dropped. */
export interface ReadTransfer {
  blocks: readonly Node[];
  /** Sentences about what is not in the blocks. */
  sentences: string[];
  hasPictures: boolean;
}

function isPicture({ type }: File): boolean {
  return type.startsWith('image/');
}

/** Reads files: none is taken into the text. */
function readFiles(files: readonly File[]): ReadTransfer {
  const dropped = new Dropped();
  dropped.add('pictures', files.filter(isPicture).length);
  const others = files.filter((file) => !isPicture(file)).map(({ name }) => `“${name}”`);
  const sentences = dropped.sentences();
  if (others.length > 0)
    sentences.push(`文件${others.join('、')}没有放进正文：这里只收文字，请打开文件，把文字复制过来。`);
  return { blocks: [], sentences, hasPictures: dropped.count('pictures') > 0 };
}

function readText(text: string, isPlain: boolean): ReadTransfer {
  if (isPlain || !looksLikeMarkdown(text)) return { blocks: readPastedText(text), sentences: [], hasPictures: false };
  return { blocks: readPastedMarkdown(text), sentences: [MARKDOWN_READ], hasPictures: false };
}

/**
 * Reads what is pasted or dropped. Returns undefined if it was copied in a body field: ProseMirror reads that itself.
 *
 * @param isPlain whether only text is wanted, without headings, bold type and the like
 */
export function readTransfer(transfer: DataTransfer, isPlain: boolean): ReadTransfer | undefined {
  const html = isPlain ? '' : transfer.getData('text/html');
  if (html !== '') {
    const parsed = parseHtml(html);
    if (isOwnHtml(parsed)) return undefined;
    const { blocks, dropped } = readPastedHtml(bodyTree(parsed));
    const sentences = dropped.sentences();
    if (blocks.length > 0 || sentences.length > 0)
      return { blocks, sentences, hasPictures: dropped.count('pictures') > 0 };
  }
  const text = transfer.getData('text/plain');
  const files = [...transfer.files];
  // A copied file also comes with its name as text.
  const isFiles = text.split(/\r?\n/u).every((line) => line === '' || files.some(({ name }) => name === line));
  return isFiles ? readFiles(files) : readText(text, isPlain);
}
