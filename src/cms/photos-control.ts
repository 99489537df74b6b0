import { isList, isMap, List, Map } from 'immutable';
import { createElement as h, type ChangeEvent, type DragEvent, type ReactNode } from 'react';
import { judgeLength } from '../model/field.ts';
import { findingLine } from '../photo/finding.ts';
import { Control, refused, textIn, type DecapMap, type Verdict } from './control.ts';
import { lengthOf } from './line-control.ts';
import { photoCard, photoFields, type PhotoMeasure } from './photo-card.ts';
import { judgePhoto } from './photo-file.ts';
import { uploadPhoto } from './photo-upload.ts';
import { limits } from './standing.ts';

interface PhotosState {
  /** What is being read or sent, by name: from 0 to 1. */
  sending: readonly { name: string; part: number }[];
  errors: readonly string[];
  measures: ReadonlyMap<string, PhotoMeasure>;
  over: boolean;
}

/** What was measured in this window: a control is made anew when its entry is saved for the first time. */
let measured: ReadonlyMap<string, PhotoMeasure> = new globalThis.Map();

const ACCEPT = 'image/jpeg,image/png,image/webp,image/avif,.jpg,.jpeg,.png,.webp,.avif';

/** The photos of an entry: picked or dropped, judged before they are sent, described one by one. */
export class PhotosControl extends Control<PhotosState> {
  override state: PhotosState = { sending: [], errors: [], measures: measured, over: false };

  get #photos(): List<DecapMap> {
    const { value } = this.props;
    return isList(value)
      ? List(value.toArray().flatMap((photo) => (isMap(photo) ? [Map<string, unknown>(entriesOf(photo))] : [])))
      : List();
  }

  protected override judge(): Verdict {
    if (this.state.sending.length > 0) return refused('照片还在上传，请稍候再保存');
    const { max } = limits().photo;
    if (this.#photos.size > max) return refused(`有 ${this.#photos.size} 张照片，最多 ${max} 张`);
    const faults = this.#photos.toArray().flatMap((photo, index) =>
      photoFields.flatMap(({ name, label, length }) => {
        const fault = judgeLength(label, textIn(photo, name), lengthOf(length));
        return fault === undefined ? [] : [`照片 ${index + 1}：${fault}`];
      }),
    );
    return faults.length > 0 ? refused(faults.join('；')) : true;
  }

  #fail(name: string, sentence: string): void {
    this.setState(({ errors }) => ({ errors: [...errors, `“${name}”：${sentence}`] }));
  }

  #progress(name: string, part: number): void {
    this.setState(({ sending }) => ({ sending: sending.map((file) => (file.name === name ? { name, part } : file)) }));
  }

  #measure(src: string, measure: PhotoMeasure): void {
    measured = new globalThis.Map([...measured, [src, measure]]);
    this.setState({ measures: measured });
  }

  async #add(file: File): Promise<void> {
    const judged = await judgePhoto(file, limits().photo);
    if ('finding' in judged) {
      this.#fail(file.name, findingLine(judged.finding));
      return;
    }
    const { src, width, height, size } = await uploadPhoto(file, (part) => this.#progress(file.name, part));
    if (this.#photos.some((photo) => textIn(photo, 'src') === src)) {
      this.#fail(file.name, '已经添加过');
      return;
    }
    this.#measure(src, { width, height, bytes: size });
    const blank = Object.fromEntries(photoFields.map(({ name }) => [name, '']));
    this.props.onChange(this.#photos.push(Map<string, unknown>({ src, ...blank })));
  }

  /** Takes files one after the other: a phone has little memory, and the order is kept. */
  async #take(files: readonly File[]): Promise<void> {
    const free = Math.max(0, limits().photo.max - this.#photos.size);
    const taken = files.slice(0, free);
    const errors = files.slice(free).map(({ name }) => `“${name}”：最多 ${limits().photo.max} 张照片，没有加入`);
    this.setState({ errors, sending: taken.map(({ name }) => ({ name, part: 0 })), over: false });
    for (const file of taken) {
      try {
        await this.#add(file);
      } catch (error) {
        this.#fail(file.name, String(error));
      }
      this.setState(({ sending }) => ({ sending: sending.slice(1) }));
    }
  }

  #addressOf(src: string): string {
    const path = textIn(this.props.getEntry(), 'path');
    const folder = path.slice(0, path.lastIndexOf('/') + 1);
    return `/api/photos/${this.state.measures.get(src)?.bytes === undefined ? folder : ''}${src}`;
  }

  #cards(): ReactNode {
    const { forID, onChange } = this.props;
    const photos = this.#photos;
    return photos.toArray().map((photo, index) => {
      const src = textIn(photo, 'src');
      return photoCard({
        id: `${forID}-${index}`,
        photo,
        number: index + 1,
        of: photos.size,
        address: this.#addressOf(src),
        measure: this.state.measures.get(src),
        onMeasure: (measure) => this.#measure(src, measure),
        onChange: (name, value) => onChange(photos.set(index, photo.set(name, value))),
        onMove: (by) => onChange(photos.delete(index).insert(index + by, photo)),
        onRemove: () => onChange(photos.delete(index)),
      });
    });
  }

  override render(): ReactNode {
    const { forID, classNameWrapper } = this.props;
    const { sending, errors, over } = this.state;
    const dragged = (event: DragEvent, inside: boolean): void => {
      event.preventDefault();
      this.setState({ over: inside });
    };
    return h(
      'div',
      { className: `${classNameWrapper} photos`, 'data-testid': 'photos' },
      this.#cards(),
      h(
        'label',
        {
          className: over ? 'drop over' : 'drop',
          'data-testid': 'photo-drop',
          onDragOver: (event: DragEvent) => dragged(event, true),
          onDragLeave: (event: DragEvent) => dragged(event, false),
          onDrop: (event: DragEvent) => {
            event.preventDefault();
            void this.#take([...event.dataTransfer.files]);
          },
        },
        '添加照片：点这里选择，或把照片拖到这里（可以一次选几张）',
        h('input', {
          id: forID,
          type: 'file',
          accept: ACCEPT,
          multiple: true,
          'data-testid': 'photo-input',
          disabled: sending.length > 0,
          onChange: (event: ChangeEvent<HTMLInputElement>) => {
            const files = [...(event.target.files ?? [])];
            event.target.value = '';
            void this.#take(files);
          },
        }),
      ),
      sending.map(({ name, part }) =>
        h('p', { key: name, role: 'status' }, `正在上传“${name}” `, h('progress', { value: part, 'aria-label': name })),
      ),
      h(
        'ul',
        { role: 'alert', className: 'photo-errors', 'data-testid': 'photo-errors' },
        errors.map((error) => h('li', { key: error }, error)),
      ),
    );
  }
}

/** The entries of a map whose keys are texts. */
function entriesOf(map: Map<unknown, unknown>): [string, unknown][] {
  return map.toArray().map(([key, value]) => [String(key), value]);
}
