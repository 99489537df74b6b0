import { createElement as h, createRef, Fragment, type ChangeEvent, type ReactNode } from 'react';
import { GUESS_LABELS } from '../../word/fields/guesses.ts';
import { onPhotosSent, photoTaker } from '../photos/photo-intake.ts';
import { Control } from '../widgets/widget.ts';
import { loadGuesses } from './guess-comment.ts';
import { openForm } from './form.ts';
import { importRecord, onImportRecord } from './import-record.ts';
import { focusMark } from './marked-control.ts';
import type { ReadFailure } from './read-in-worker.ts';
import { takeDrops } from './word-drop.ts';
import { importWord, type Imported } from './word-import.ts';

/** File types that the file dialog offers. The old ones are refused with a sentence that says what to do. */
const ACCEPT = '.docx,.doc,.wps,application/vnd.openxmlformats-officedocument.wordprocessingml.document';

/** Part of the address of a new entry that is to be made of a document: the start page of the desk leads there. */
const FROM_WORD = 'from=word';

type Phase =
  | { name: 'idle' }
  | { name: 'reading'; file: File; stop: AbortController }
  | { name: 'refused'; file: string; failure: ReadFailure }
  | { name: 'read'; imported: Imported };

interface WordState {
  phase: Phase;
  /** Whether a file is dragged over the page. */
  over: boolean;
}

const IDLE: Phase = { name: 'idle' };

function megabytes({ size }: File): string {
  return `${(size / 1024 / 1024).toFixed(1)} MB`;
}

/** Returns what tells entries apart: the path of a saved one, otherwise the opening of its form. */
function shownEntry(): string {
  const form = openForm();
  return form ? form.path || form.opening : '';
}

/**
 * Reads Word documents into the form: a button, and documents that are dropped anywhere on the page. Decap's
 * configuration lists it as a field that never gets a value.
 */
export class WordControl extends Control<WordState> {
  override state: WordState = { phase: IDLE, over: false };
  #stops: (() => void)[] = [];
  readonly #section = createRef<HTMLElement>();
  /** The entry that is shown (shownEntry). */
  #shown = '';

  override componentDidMount(): void {
    this.#stops = [
      onImportRecord(() => this.forceUpdate()),
      onPhotosSent(() => this.forceUpdate()),
      takeDrops({
        over: (over) => {
          if (over !== this.state.over) this.setState({ over });
        },
        documents: (files) => this.#take(files),
        strayPhotos: () => this.#refuse('照片', { what: '照片没有加入', remedy: '照片请拖到“照片”一栏。' }),
      }),
    ];
    this.#shown = shownEntry();
    void loadGuesses();
    if (window.location.hash.includes(FROM_WORD)) this.#focusInput();
  }

  override componentDidUpdate(): void {
    const shown = shownEntry();
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#stopReading();
    this.setState({ phase: IDLE });
    void loadGuesses();
  }

  override componentWillUnmount(): void {
    for (const stop of this.#stops) stop();
    this.#stopReading();
  }

  #stopReading(): void {
    const { phase } = this.state;
    if (phase.name === 'reading') phase.stop.abort();
  }

  /** Focuses the file input, which takes the place of a button that is gone. */
  #focusInput(): void {
    document.getElementById(this.#inputId)?.focus();
  }

  #dismiss(): void {
    this.#stopReading();
    this.setState({ phase: IDLE }, () => this.#focusInput());
  }

  get #inputId(): string {
    return `${this.props.forID}-file`;
  }

  #refuse(file: string, failure: ReadFailure): void {
    this.#show({ name: 'refused', file, failure });
  }

  /** Shows a phase, and scrolls to it: the file may have been dropped far below. */
  #show(phase: Phase): void {
    this.setState({ phase }, () => this.#section.current?.scrollIntoView({ block: 'nearest' }));
  }

  #take(files: readonly File[]): void {
    const [file, other] = files;
    if (!file || this.state.phase.name === 'reading') return;
    if (other) {
      const what = '一次只能读入一个文档';
      this.#refuse(`${files.length} 个文件`, { what, remedy: '一篇一个文档：请一个一个放进来，每篇新建一页。' });
    } else void this.#import(file);
  }

  async #import(file: File): Promise<void> {
    const stop = new AbortController();
    this.#show({ name: 'reading', file, stop });
    const end = (phase: Phase): void => {
      if (!stop.signal.aborted) this.#show(phase);
    };
    try {
      const result = await importWord(file, stop.signal);
      if (result === undefined) end(IDLE);
      else if ('what' in result) end({ name: 'refused', file: file.name, failure: result });
      else end({ name: 'read', imported: result });
    } catch (error) {
      end({ name: 'refused', file: file.name, failure: { what: '没有读入', remedy: String(error) } });
    }
  }

  #reading({ file }: Extract<Phase, { name: 'reading' }>): ReactNode {
    return h(
      'div',
      { className: 'progress', 'data-testid': 'word-progress' },
      h('span', { role: 'status' }, `正在读“${file.name}”（${megabytes(file)}）…`),
      h('progress', { 'aria-label': file.name }),
      h('button', { type: 'button', onClick: () => this.#dismiss() }, '不读了'),
    );
  }

  #refused({ file, failure }: Extract<Phase, { name: 'refused' }>): ReactNode {
    return h(
      'div',
      { className: 'word-refused', role: 'alert', 'data-testid': 'word-refused' },
      h('p', null, `“${file}”：${failure.what}。${failure.remedy}`),
      h('button', { type: 'button', onClick: () => this.#dismiss() }, '知道了'),
    );
  }

  #read({ imported }: Extract<Phase, { name: 'read' }>): ReactNode {
    const { file, filled, photos } = imported;
    const { found, missing, remarks } = filled;
    const lines = [
      ...(photos > 0 ? [`${photos} 张照片交给“照片”一栏检查，结果写在那里。`] : []),
      ...(missing.length > 0 ? [`文档里没有找到：${missing.join('、')}。`] : []),
      ...remarks,
    ];
    const takeBack = (): void => {
      imported.takeBack();
      this.#dismiss();
    };
    const undo = filled.replaced.length > 0 ? '取回原来的内容' : '撤销这次读入';
    return h(
      'div',
      { className: 'word-read', 'data-testid': 'word-read' },
      h('p', { role: 'status' }, `已从“${file}”读入：${found.join('、')}。`),
      h(
        'ul',
        null,
        lines.map((line) => h('li', { key: line }, line)),
      ),
      h(
        'p',
        { className: 'word-actions' },
        h('button', { type: 'button', onClick: takeBack }, undo),
        h('button', { type: 'button', onClick: () => this.#dismiss() }, '知道了'),
      ),
    );
  }

  /** Returns how many photos of the document are still being checked or sent, with a button that cancels them. */
  #photos({ imported }: Extract<Phase, { name: 'read' }>): ReactNode {
    const left = photoTaker()?.left() ?? 0;
    const { photos } = imported;
    if (photos === 0 || left === 0) return null;
    const sentence = `正在检查和上传照片：还有 ${left} 张，共 ${photos} 张…`;
    return h(
      'div',
      { className: 'progress', 'data-testid': 'word-progress' },
      h('span', { role: 'status' }, sentence),
      h('progress', { value: photos - left, max: photos, 'aria-label': '照片' }),
      h('button', { type: 'button', onClick: () => photoTaker()?.cancel() }, '都不传了'),
    );
  }

  /** Returns how many guesses are to be checked, with a button for each that leads to its field. */
  #unchecked(): ReactNode {
    const guesses = importRecord()?.guesses ?? [];
    if (guesses.length === 0) return null;
    return h(
      'div',
      { className: 'word-unchecked', 'data-testid': 'word-unchecked' },
      h('p', { role: 'status' }, `还有 ${guesses.length} 处请核对：`),
      guesses.map(({ name }) =>
        h('button', { key: name, type: 'button', onClick: () => focusMark(name) }, GUESS_LABELS[name]),
      ),
      h('p', { className: 'word-hint' }, '对的，点它旁边的“核对过了”；改过的就算核对过了。'),
    );
  }

  override render(): ReactNode {
    const { phase, over } = this.state;
    return h(
      'section',
      {
        ref: this.#section,
        className: over ? 'word over' : 'word',
        'aria-label': '从 Word 导入',
        'data-testid': 'word',
      },
      phase.name === 'reading'
        ? this.#reading(phase)
        : h(
            'label',
            { className: 'word-pick' },
            h('span', { className: 'word-button' }, '从 Word 导入'),
            h('span', { className: 'word-hint' }, over ? '松开，就读入这个文档' : '选一个 .docx，或把它拖到这一页'),
            h('input', {
              id: this.#inputId,
              type: 'file',
              accept: ACCEPT,
              'data-testid': 'word-input',
              onChange: (event: ChangeEvent<HTMLInputElement>) => {
                const files = [...(event.target.files ?? [])];
                event.target.value = '';
                this.#take(files);
              },
            }),
          ),
      phase.name === 'refused' ? this.#refused(phase) : null,
      phase.name === 'read' ? h(Fragment, null, this.#read(phase), this.#photos(phase)) : null,
      this.#unchecked(),
    );
  }
}
