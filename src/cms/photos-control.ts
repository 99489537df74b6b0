import { isList, isMap, List, Map } from 'immutable';
import { createElement as h, type ReactNode } from 'react';
import { judgeLength } from '../model/field.ts';
import { Control, refused, textIn, type DecapMap, type Verdict } from './control.ts';
import { photoAddress } from './desk-finding.ts';
import { DeskError } from './desk-client.ts';
import { lengthOf } from './line-control.ts';
import { me } from './me.ts';
import { photoCard, photoFields } from './photo-card.ts';
import { photoDrop } from './photo-drop.ts';
import { exempted, exemptionFault } from './photo-exemption.ts';
import { takeIn, type Stage } from './photo-intake.ts';
import { knownPhoto, learnPhoto, rememberSent, wasSent } from './photo-knowledge.ts';
import { progressLines, type Progress } from './photo-progress.ts';
import { dismiss, refusalItem, refusalOf, type Refusal } from './photo-refusal.ts';
import type { UploadedPhoto } from './photo-upload.ts';
import { limits } from './standing.ts';

interface PhotosState {
  sending: readonly Progress[];
  refusals: readonly Refusal[];
  /** What has just been done, for who does not see it. */
  news: string;
  over: boolean;
}

const UNREADABLE = '读不出这个文件，请重新选一次。';

/** Numbers files of one window: two may have the same name. */
let numbered = 0;

/** The photos of an entry: picked or dropped, judged before they are sent, described one by one. */
export class PhotosControl extends Control<PhotosState> {
  override state: PhotosState = { sending: [], refusals: [], news: '', over: false };
  /** Photos of which the desk was asked, with their folder. */
  readonly #asked = new Set<string>();

  get #photos(): List<DecapMap> {
    const { value } = this.props;
    return isList(value)
      ? List(value.toArray().flatMap((photo) => (isMap(photo) ? [Map<string, unknown>(entriesOf(photo))] : [])))
      : List();
  }

  /** The folder of the entry; empty as long as it was never saved. */
  get #folder(): string {
    const path = textIn(this.props.getEntry(), 'path');
    return path.slice(0, Math.max(0, path.lastIndexOf('/')));
  }

  get #published(): boolean {
    const data = this.props.getEntry()?.get('data');
    return isMap(data) && data.has('published');
  }

  /** It is no longer shown. */
  #gone = false;

  override componentDidMount(): void {
    this.#learn();
  }

  override componentDidUpdate(): void {
    this.#learn();
  }

  override componentWillUnmount(): void {
    this.#gone = true;
    this.state.refusals.forEach(dismiss);
  }

  /** Asks the desk what it found of the photos that the entry has. */
  #learn(): void {
    const folder = this.#folder;
    if (folder === '') return;
    for (const src of this.#photos.map((photo) => textIn(photo, 'src'))) {
      const place = `${folder}/${src}`;
      if (src === '' || this.#asked.has(place)) continue;
      this.#asked.add(place);
      void learnPhoto(folder, src).then(() => this.forceUpdate());
    }
  }

  protected override judge(): Verdict {
    if (this.state.sending.length > 0) return refused('照片还在上传，请稍候再保存');
    const { max } = limits().photo;
    if (this.#photos.size > max) return refused(`有 ${this.#photos.size} 张照片，最多 ${max} 张`);
    const faults = this.#photos
      .toArray()
      .flatMap((photo, index) =>
        [
          ...photoFields.map(({ name, label, length }) => judgeLength(label, textIn(photo, name), lengthOf(length))),
          exemptionFault(photo),
        ].flatMap((fault) => (fault === undefined ? [] : [`照片 ${index + 1}：${fault}`])),
      );
    return faults.length > 0 ? refused(faults.join('；')) : true;
  }

  #refuse(refusal: Refusal): void {
    this.setState(({ refusals }) => ({ refusals: [...refusals, refusal] }));
  }

  #fail(id: number, name: string, sentence: string): void {
    this.#refuse({ id, name, findings: [], sentence });
  }

  #report(id: number, stage: Stage, part: number): void {
    this.setState(({ sending }) => ({
      sending: sending.map((file) => (file.id === id ? { ...file, stage, part } : file)),
    }));
  }

  #accept(id: number, name: string, { src, ...known }: UploadedPhoto): void {
    if (this.#photos.some((photo) => textIn(photo, 'src') === src)) {
      this.#fail(id, name, '已经添加过');
      return;
    }
    rememberSent(src, known);
    // The desk has just said all that it knows.
    this.#asked.add(`${this.#folder}/${src}`);
    const count = known.findings.length;
    this.setState({ news: count > 0 ? `已加入“${name}”，有 ${count} 处要留意，写在照片上方` : `已加入“${name}”` });
    const blank = Object.fromEntries(photoFields.map(({ name: field }) => [field, '']));
    this.props.onChange(this.#photos.push(Map<string, unknown>({ src, ...blank })));
  }

  async #add(id: number, file: File, forWaiver: boolean): Promise<void> {
    const purpose = { entry: this.#folder, forWaiver };
    const outcome = await takeIn(file, limits().photo, purpose, (stage, part) => this.#report(id, stage, part));
    // Whatever is in the form now, another entry perhaps, has not asked for this photo.
    if (this.#gone) return;
    if ('refused' in outcome) this.#refuse(refusalOf(id, file.name, outcome.refused, outcome.file));
    else this.#accept(id, file.name, outcome.taken);
  }

  /** Takes files one after the other: a phone has little memory, and the order is kept. */
  async #take(files: readonly File[], forWaiver = false): Promise<void> {
    if (files.length === 0) return;
    const { max } = limits().photo;
    const free = Math.max(0, max - this.#photos.size);
    const taken = files.slice(0, free).map((file) => ({ id: (numbered += 1), file }));
    const sending = taken.map(({ id, file: { name } }): Progress => ({ id, name, stage: 'waiting', part: 0 }));
    this.setState({ sending, over: false, news: '' });
    for (const { name } of files.slice(free)) this.#fail((numbered += 1), name, `最多 ${max} 张照片，没有加入`);
    for (const { id, file } of taken) {
      if (this.#gone) return;
      try {
        await this.#add(id, file, forWaiver);
      } catch (error) {
        if (!this.#gone) this.#fail(id, file.name, error instanceof DeskError ? error.message : UNREADABLE);
      }
      this.setState((state) => ({ sending: state.sending.slice(1) }));
    }
  }

  /** What was refused before is no longer of interest when other files are picked. */
  #pick(files: readonly File[]): void {
    if (files.length === 0) return;
    this.state.refusals.forEach(dismiss);
    this.setState({ refusals: [] });
    void this.#take(files);
  }

  #waive({ id }: Refusal, file: File): void {
    this.setState(({ refusals }) => ({
      refusals: refusals.filter((refusal) => {
        if (refusal.id === id) dismiss(refusal);
        return refusal.id !== id;
      }),
    }));
    void this.#take([file], true);
  }

  #move(index: number, by: number, photo: DecapMap): void {
    this.props.onChange(this.#photos.delete(index).insert(index + by, photo));
    this.setState({ news: `已移到第 ${index + by + 1} 张` }, () => this.#focusMoved(index + by, by));
  }

  /** The button that moved a photo keeps the focus; at the end, where it can no longer be used, the other has it. */
  #focusMoved(index: number, by: number): void {
    const buttons = document.getElementById(`${this.#idOf(index)}-actions`)?.querySelectorAll('button');
    const [up, down] = buttons ?? [];
    const wanted = by < 0 ? [up, down] : [down, up];
    wanted.find((button) => button?.disabled === false)?.focus();
  }

  #idOf(index: number): string {
    return `${this.props.forID}-${index}`;
  }

  #cards(): ReactNode {
    const { onChange } = this.props;
    const photos = this.#photos;
    const folder = this.#folder;
    return photos.toArray().map((photo, index) => {
      const src = textIn(photo, 'src');
      return photoCard({
        id: this.#idOf(index),
        photo,
        number: index + 1,
        of: photos.size,
        address: photoAddress(wasSent(src) ? '' : folder, src),
        known: knownPhoto(folder, src),
        published: this.#published && !wasSent(src),
        mayExempt: me().mayExempt,
        onChange: (name, value) => onChange(photos.set(index, photo.set(name, value))),
        onExempt: (reason) => onChange(photos.set(index, exempted(photo, { reason, by: me().name }))),
        onMove: (by) => this.#move(index, by, photo),
        onRemove: () => onChange(photos.delete(index)),
      });
    });
  }

  override render(): ReactNode {
    const { sending, refusals, news, over } = this.state;
    const busy = sending.length > 0;
    return h(
      'div',
      { className: `${this.props.classNameWrapper} photos`, 'data-testid': 'photos' },
      this.#cards(),
      photoDrop({
        id: this.props.forID,
        busy,
        over,
        onOver: (inside) => this.setState({ over: inside }),
        onFiles: (files) => this.#pick(files),
      }),
      progressLines(sending),
      h('p', { role: 'status', className: 'photo-news', 'data-testid': 'photo-news' }, news),
      h(
        'ul',
        { role: 'alert', className: 'photo-errors', 'data-testid': 'photo-errors' },
        refusals.map((refusal) => refusalItem(refusal, busy, (file) => this.#waive(refusal, file))),
      ),
    );
  }
}

/** The entries of a map whose keys are texts. */
function entriesOf(map: Map<unknown, unknown>): [string, unknown][] {
  return map.toArray().map(([key, value]) => [String(key), value]);
}
