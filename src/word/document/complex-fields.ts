// Runs in browser and Node: pure.
import { oversized } from '../package/refusal.ts';
import { linkTarget } from './link-target.ts';

/** A field between its `begin` and its `end`: first its instruction, then its result. */
interface Field {
  instruction: string;
  isResult: boolean;
}

/** How deeply fields are nested at most, and how many characters of an instruction are kept. */
const MOST_NESTED = 20;
const MOST_INSTRUCTION = 4000;

/**
 * The fields that are open at a place of the document (`w:fldChar`, ISO/IEC 29500-1, 17.16.18). Fields can be nested
 * and extend over paragraphs. Only their results are text.
 */
export class ComplexFields {
  readonly #open: Field[] = [];

  /**
   * Enters, changes or leaves a field. `type` is `begin`, `separate` or `end`.
   * @throws WordRefused if fields are nested too deeply.
   */
  mark(type: string | undefined): void {
    const field = this.#open.at(-1);
    if (this.#open.length > MOST_NESTED) throw oversized('文档的结构复杂得不像一篇稿件');
    if (type === 'begin') this.#open.push({ instruction: '', isResult: false });
    if (type === 'separate' && field) field.isResult = true;
    if (type === 'end') this.#open.pop();
  }

  /** Adds a piece of the instruction of the innermost field. */
  instruct(text: string): void {
    const field = this.#open.at(-1);
    if (field && !field.isResult && field.instruction.length < MOST_INSTRUCTION)
      field.instruction += text.slice(0, MOST_INSTRUCTION);
  }

  /** Whether text at this place is shown. */
  get isShown(): boolean {
    return this.#open.every(({ isResult }) => isResult);
  }

  /** URL of the link that this place is part of; undefined if there is none. */
  get href(): string | undefined {
    for (const { instruction } of this.#open) {
      const target = /^\s*HYPERLINK\s+"([^"]+)"/iu.exec(instruction)?.[1];
      const href = target === undefined ? undefined : linkTarget(target);
      if (href !== undefined) return href;
    }
    return undefined;
  }
}
