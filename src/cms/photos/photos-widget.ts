import { isList, isMap, List, Map } from 'immutable';
import { createElement as h, type ReactNode } from 'react';
import { judgeLength } from '../../model/fields/field.ts';
import { judgePhotoCount } from '../../model/rules.ts';
import { Control, refused, textIn, type DecapMap, type Verdict } from '../widgets/widget.ts';
import { photoAddress } from './finding-schema.ts';
import { lengthOf } from '../widgets/line-controls.ts';
import { isLive } from '../widgets/live-entry.ts';
import { currentEditor } from '../backend/current-editor.ts';
import { photoCard, photoFields } from './photo-card.ts';
import { withdrawPhoto } from '../backend/withdraw.ts';
import { photoDrop } from './photo-drop.ts';
import { withdrawalOf, withWithdrawal } from './photo-withdrawal.ts';
import { withExemption, exemptionFault } from './photo-exemption.ts';
import { knownPhoto, learnPhoto, rememberSent, wasSent } from './findings-cache.ts';
import { announcePhotos, becomeTaker, type OfferedPhoto } from './photo-intake.ts';
import { progressLines } from './photo-progress.ts';
import { PhotoQueue } from './photo-queue.ts';
import { refusalItem, type PhotoRefusal } from './photo-refusal.ts';
import type { UploadedPhoto } from './upload.ts';
import { limits } from '../backend/site-settings.ts';

interface PhotosState {
  /** Message about the last action, also announced by screen readers. */
  news: string;
  /** Whether something is dragged over the field. */
  over: boolean;
}

/** Returns file names in quotes, such as “甲.jpg”、“乙.jpg”. */
function listed(names: readonly string[]): string {
  return names.map((name) => `“${name}”`).join('、');
}

/** The photos of an entry, each with its fields. Editors pick or drop files; each is judged before it is sent. */
export class PhotosControl extends Control<PhotosState> {
  override state: PhotosState = { news: '', over: false };
  /** Photos whose findings were requested from the desk, as folder/name. */
  readonly #requested = new Set<string>();

  get #photos(): List<DecapMap> {
    const { value } = this.props;
    return isList(value)
      ? List(value.toArray().flatMap((photo) => (isMap(photo) ? [Map<string, unknown>(entriesOf(photo))] : [])))
      : List();
  }

  /** The photos that are not withdrawn. */
  get #shown(): List<DecapMap> {
    return this.#photos.filter((photo) => !withdrawalOf(photo));
  }

  /** The folder of the entry; empty if the entry was never saved. */
  get #folder(): string {
    const path = textIn(this.props.getEntry(), 'path');
    return path.slice(0, Math.max(0, path.lastIndexOf('/')));
  }

  #queue: PhotoQueue | undefined;
  /** Photos that another part of the form has added, by the names of their files. */
  readonly #offered = new globalThis.Map<string, OfferedPhoto>();
  #stopTaking: (() => void) | undefined;

  override componentDidMount(): void {
    this.#queue = new PhotoQueue({
      folder: () => this.#folder,
      limits: () => limits().photo,
      count: () => this.#shown.size,
      add: (name, photo) => this.#accept(name, photo),
      changed: () => {
        this.forceUpdate();
        announcePhotos();
      },
    });
    this.#stopTaking = becomeTaker({
      left: () => this.#queue?.sending.length ?? 0,
      add: (photos) => this.#addOffered(photos),
      cancel: () => this.#queue?.sending.forEach(({ id }) => this.#queue?.cancel(id)),
    });
    this.#learn();
  }

  override componentDidUpdate(): void {
    this.#learn();
  }

  override componentWillUnmount(): void {
    this.#stopTaking?.();
    this.#queue?.stop();
  }

  /** Loads the desk's findings about the photos of a saved entry, once for each photo. */
  #learn(): void {
    const folder = this.#folder;
    if (folder === '') return;
    for (const src of this.#shown.map((photo) => textIn(photo, 'src'))) {
      const place = `${folder}/${src}`;
      if (src === '' || this.#requested.has(place)) continue;
      this.#requested.add(place);
      void learnPhoto(folder, src).then(() => this.forceUpdate());
    }
  }

  protected override judge(): Verdict {
    const sending = this.#queue?.sending ?? [];
    if (sending.length > 0) {
      const names = listed(sending.map(({ name }) => name));
      return refused(`还没有保存：照片${names}还在上传。请等它传完再点“保存”；不想等，就点它旁边的“不传了”`);
    }
    const missing = (this.#queue?.refusals ?? []).filter(({ again }) => again);
    if (missing.length > 0) {
      const names = listed(missing.map(({ name }) => name));
      return refused(`还没有保存：照片${names}没有传上去。请点“再传一次”；先不用它，就点“不要这张”再保存`);
    }
    const { max } = limits().photo;
    if (this.#shown.size > max) return refused(`有 ${this.#shown.size} 张照片，最多 ${max} 张`);
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

  /**
   * Adds a photo that the desk has stored to the entry. Returns a Chinese sentence if the photo was not added because
   * the entry already has it; otherwise undefined.
   */
  #accept(name: string, { src, ...known }: UploadedPhoto): string | undefined {
    if (this.#photos.some((photo) => textIn(photo, 'src') === src)) return '已经添加过';
    rememberSent(src, known);
    // The findings arrived with the response to the upload: they need not be requested.
    this.#requested.add(`${this.#folder}/${src}`);
    const count = known.findings.length;
    this.setState({ news: count > 0 ? `已加入“${name}”，有 ${count} 处要留意，写在照片上方` : `已加入“${name}”` });
    const blank = Object.fromEntries(photoFields.map(({ name: field }) => [field, '']));
    const words = this.#offered.get(name)?.words;
    this.props.onChange(this.#photos.push(Map<string, unknown>({ src, ...blank, ...words })));
    return undefined;
  }

  #addOffered(photos: readonly OfferedPhoto[]): void {
    for (const photo of photos) this.#offered.set(photo.file.name, photo);
    this.#pick(photos.map(({ file }) => file));
  }

  #pick(files: readonly File[]): void {
    this.setState({ news: '', over: false });
    this.#queue?.pick(files);
  }

  #move(index: number, by: number, photo: DecapMap): void {
    this.props.onChange(this.#photos.delete(index).insert(index + by, photo));
    this.setState({ news: `已移到第 ${index + by + 1} 张` }, () => this.#focusMoved(index + by, by));
  }

  /**
   * Keeps the keyboard focus on the button that moved a photo. If that button is disabled because the photo is now the
   * first or last, focuses the button for the opposite direction.
   */
  #focusMoved(index: number, by: number): void {
    const buttons = document.getElementById(`${this.#idOf(index)}-actions`)?.querySelectorAll('button');
    const [up, down] = buttons ?? [];
    const wanted = by < 0 ? [up, down] : [down, up];
    wanted.find((button) => button?.disabled === false)?.focus();
  }

  /** Withdraws a photo, and marks it in the form as the desk has marked it. */
  async #withdraw(src: string, number: number): Promise<void> {
    const entry = this.props.getEntry();
    const place = { collection: textIn(entry, 'collection'), slug: textIn(entry, 'slug'), path: textIn(entry, 'path') };
    const reason = await withdrawPhoto({ ...place, src, number });
    if (reason === undefined) return;
    const withdrawal = { date: todayInChina(), reason };
    const marked = this.#photos.map((photo) =>
      textIn(photo, 'src') === src ? withWithdrawal(photo, withdrawal) : photo,
    );
    this.props.onChange(marked);
    this.setState({ news: `第 ${number} 张照片已撤下` });
  }

  /** Returns a remark if the entry has too few photos since some were withdrawn; otherwise null. */
  #lack(): ReactNode {
    const shown = this.#shown.size;
    const counts = { shown, withdrawn: this.#photos.size - shown };
    const [remark] = judgePhotoCount('', counts, limits().photo).remarks;
    return remark ? h('p', { 'data-testid': 'photo-lack' }, `${remark.what}。${remark.remedy}`) : null;
  }

  #idOf(index: number): string {
    return `${this.props.forID}-${index}`;
  }

  #cards(): ReactNode {
    const { onChange } = this.props;
    const photos = this.#photos;
    const folder = this.#folder;
    const { mayExempt } = currentEditor();
    const today = todayInChina();
    return photos.toArray().map((photo, index) => {
      const src = textIn(photo, 'src');
      const published = isLive(this.props.getEntry()) && !wasSent(src);
      return photoCard({
        id: this.#idOf(index),
        photo,
        number: index + 1,
        of: photos.size,
        address: photoAddress(wasSent(src) ? '' : folder, src),
        known: knownPhoto(folder, src),
        published,
        mayExempt,
        onWithdraw: published && mayExempt ? () => void this.#withdraw(src, index + 1) : undefined,
        today,
        onChange: (name, value) => onChange(photos.set(index, photo.set(name, value))),
        onExempt: (reason) => onChange(photos.set(index, withExemption(photo, { reason, by: currentEditor().name }))),
        onMove: (by) => this.#move(index, by, photo),
        onRemove: () => onChange(photos.delete(index)),
      });
    });
  }

  #refusals(busy: boolean): ReactNode {
    const queue = this.#queue;
    if (!queue || queue.refusals.length === 0) return null;
    const actions = {
      busy,
      onWaive: (refused: PhotoRefusal, file: File) => queue.waive(refused, file),
      onAgain: (lost: PhotoRefusal) => queue.again([lost]),
      onDrop: (lost: PhotoRefusal) => queue.drop(lost),
    };
    return h(
      'ul',
      { className: 'photo-errors' },
      queue.refusals.map((refusal) => refusalItem(refusal, actions, this.#offered.get(refusal.name)?.ifTooSmall)),
    );
  }

  override render(): ReactNode {
    const { news, over } = this.state;
    const queue = this.#queue;
    const busy = queue?.busy ?? false;
    return h(
      'div',
      { className: `${this.props.classNameWrapper} photos`, 'data-testid': 'photos' },
      this.#cards(),
      this.#lack(),
      photoDrop({
        id: this.props.forID,
        busy,
        over,
        onOver: (inside) => this.setState({ over: inside }),
        onFiles: (files) => this.#pick(files),
      }),
      progressLines(queue?.sending ?? [], (id) => queue?.cancel(id)),
      h('p', { role: 'status', className: 'photo-news', 'data-testid': 'photo-news' }, news),
      h('div', { role: 'alert', 'data-testid': 'photo-errors' }, this.#refusals(busy)),
    );
  }
}

/** Returns today's date in China, YYYY-MM-DD. */
function todayInChina(): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' }).format(new Date());
}

/** Returns the entries of a map, with keys converted to strings. */
function entriesOf(map: Map<unknown, unknown>): [string, unknown][] {
  return map.toArray().map(([key, value]) => [String(key), value]);
}
