import type { List } from 'immutable';
import { createElement as h, createRef, type ReactNode } from 'react';
import { remarkRepeatedWords } from '../../model/repeated-words.ts';
import { judgePhotoCount } from '../../model/rules.ts';
import { Control, refused, textIn, type DecapMap, type Verdict } from '../widgets/widget.ts';
import { photoAddress } from './finding-schema.ts';
import { isLive } from '../widgets/live-entry.ts';
import { currentEditor } from '../backend/current-editor.ts';
import { needsWork, photoCard } from './photo-card.ts';
import { withdrawPhoto } from '../backend/withdraw.ts';
import { PhotoDrag } from './photo-drag.ts';
import { photoDrop } from './photo-drop.ts';
import { lengthFaults } from './photo-fields.ts';
import { blankPhoto, CardKeys, photosIn, positionOf, withFile, withTurnedFile } from './photo-list.ts';
import { withdrawalOf, withWithdrawal } from './photo-withdrawal.ts';
import { withExemption, exemptionFault, exemptionOf } from './photo-exemption.ts';
import { knownPhoto, learnPhoto, rememberSent, wasSent } from './findings-cache.ts';
import { announcePhotos, becomeTaker, type OfferedPhoto } from './photo-intake.ts';
import { progressLines } from './photo-progress.ts';
import { PhotoQueue } from './photo-queue.ts';
import { refusalItem, type PhotoRefusal } from './photo-refusal.ts';
import { PhotoTurns } from './photo-turns.ts';
import { compareWithAbove, followersOf, withSameAsAbove, withSharedFields } from './same-as-above.ts';
import { requestTurn, type UploadedPhoto } from './upload.ts';
import { limits } from '../backend/site-settings.ts';
import { asOpened } from '../store/form-store.ts';

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
  readonly #keys = new CardKeys();
  /** Whether the fields of a photo are shown, by the key of its card. */
  readonly #open = new globalThis.Map<string, boolean>();
  /** Why photos were not turned, as Chinese sentences, by the key of the card. */
  readonly #turnFaults = new globalThis.Map<string, string>();
  /** Keys of the cards whose photos were replaced and whose words nobody has looked at since. */
  readonly #replaced = new Set<string>();
  /** The field that is being typed in, and the positions of the photos that follow it (同上). */
  #typing: { index: number; name: string; followers: readonly number[] } | undefined;
  readonly #cardsElement = createRef<HTMLDivElement>();

  get #photos(): List<DecapMap> {
    return photosIn(this.props.value);
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
  readonly #turns = new PhotoTurns({
    request: async (src, quarters) => this.#requestTurn(src, quarters),
    turned: (src, photo) => this.#takeTurned(src, photo),
    failed: (src, sentence) => this.#turnFaults.set(this.#keys.of(src), sentence),
    changed: () => this.forceUpdate(),
  });
  readonly #drag = new PhotoDrag({
    cards: () => this.#cardElements,
    move: (from, to) => this.#move(from, to, () => this.#cardElements[to]?.scrollIntoView({ block: 'nearest' })),
    changed: () => this.forceUpdate(),
  });
  /** Photos that another part of the form has added, by the names of their files. */
  readonly #offered = new globalThis.Map<string, OfferedPhoto>();
  #stopTaking: (() => void) | undefined;

  override componentDidMount(): void {
    this.#queue = new PhotoQueue({
      folder: () => this.#folder,
      limits: () => limits().photo,
      count: () => this.#shown.size,
      add: (name, photo, replacing) =>
        replacing === undefined ? this.#add(name, photo) : this.#replace(name, photo, replacing),
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
    this.#turns.stop();
    this.#drag.stop();
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
    if (this.#turns.turning.length > 0) return refused('还没有保存：有照片正在转。请等它转好再点“保存”');
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
        [lengthFaults(photo), exemptionFault(photo) ?? []].flat().map((fault) => `照片 ${index + 1}：${fault}`),
      );
    return faults.length > 0 ? refused(faults.join('；')) : true;
  }

  /** Passes changed photos to the form. Positions may have changed, so nothing is typed any more. */
  #change(photos: List<DecapMap>): void {
    this.#typing = undefined;
    this.props.onChange(photos);
  }

  /** Stores the desk's findings about a photo: they arrived with the response, and need not be requested. */
  #remember({ src, ...known }: UploadedPhoto): void {
    rememberSent(src, known);
    this.#requested.add(`${this.#folder}/${src}`);
  }

  /**
   * Adds a photo that the desk has stored to the entry. Returns a Chinese sentence if the photo was not added because
   * the entry already has it; otherwise undefined.
   */
  #add(name: string, photo: UploadedPhoto): string | undefined {
    const photos = this.#photos;
    if (positionOf(photos, photo.src) >= 0) return '已经添加过';
    this.#remember(photo);
    const count = photo.findings.length;
    this.setState({ news: count > 0 ? `已加入“${name}”，有 ${count} 处要留意，写在照片下面` : `已加入“${name}”` });
    const added = withSharedFields(photos, blankPhoto(photo.src));
    this.#change(photos.push(added.merge(this.#offered.get(name)?.words ?? {})));
    return undefined;
  }

  /**
   * Replaces the photo whose card has a key by a photo that the desk has stored. The words stay. Returns a Chinese
   * sentence with the reason if that is not possible; otherwise undefined.
   */
  #replace(name: string, photo: UploadedPhoto, key: string): string | undefined {
    const photos = this.#photos;
    const index = photos.findIndex((one) => this.#keys.of(textIn(one, 'src')) === key);
    const before = textIn(photos.get(index), 'src');
    if (index < 0) return '要换下的那一张已经不在了，没有换';
    if (photo.src === before) return '就是现在这一张，没有换';
    if (positionOf(photos, photo.src) >= 0) return '已经添加过，没有换';
    this.#remember(photo);
    this.#keys.pass(before, photo.src);
    this.#replaced.add(key);
    this.#turnFaults.delete(key);
    this.setState({ news: `第 ${index + 1} 张已换成“${name}”，请看看文字还合不合适` });
    this.#change(photos.update(index, blankPhoto(''), (old) => withFile(old, photo.src)));
    return undefined;
  }

  #addressOf(src: string): string {
    return photoAddress(wasSent(src) ? '' : this.#folder, src);
  }

  async #requestTurn(src: string, quarters: number): Promise<UploadedPhoto> {
    const photo = await requestTurn(wasSent(src) ? '' : this.#folder, src, quarters);
    // Until the turned picture is loaded, the old one is shown turned.
    await loadPicture(photoAddress('', photo.src));
    return photo;
  }

  /** Replaces the photo `src` by the one that the desk has turned. Returns whether that was possible. */
  #takeTurned(src: string, photo: UploadedPhoto): boolean {
    const photos = this.#photos;
    const index = positionOf(photos, src);
    const old = photos.get(index);
    // The photo was deleted or replaced while it was turned.
    if (index < 0 || !old) return false;
    const key = this.#keys.of(src);
    const other = positionOf(photos, photo.src);
    if (other >= 0) {
      this.#turnFaults.set(key, `转过来就和第 ${other + 1} 张是同一个文件。请删去其中一张。`);
      return false;
    }
    this.#remember(photo);
    this.#keys.pass(src, photo.src);
    const { mayExempt, name } = currentEditor();
    const turned = withTurnedFile(old, photo.src, mayExempt ? name : undefined);
    const lost = exemptionOf(old) && !exemptionOf(turned) ? '；豁免是给没转的那张的，请审核人再豁免一次' : '';
    this.setState({ news: `第 ${index + 1} 张照片转好了${lost}` });
    this.#change(photos.set(index, turned));
    return true;
  }

  #turn(src: string, quarters: number): void {
    this.#turnFaults.delete(this.#keys.of(src));
    this.#turns.turn(src, quarters);
  }

  /** Changes a field of a photo, and of the photos below for which it is the same as above. */
  #write(index: number, name: string, value: string): void {
    const photos = this.#photos;
    const key = this.#keys.of(textIn(photos.get(index), 'src'));
    // While a field is typed in, the same photos follow it: not one whose own value is met on the way.
    const isSameField = this.#typing?.index === index && this.#typing.name === name;
    const typing =
      isSameField && this.#typing ? this.#typing : { index, name, followers: followersOf(photos, index, name) };
    if (name === 'alt' || name === 'caption') this.#replaced.delete(key);
    const changed = [index, ...typing.followers].reduce(
      (all, position) => all.update(position, blankPhoto(''), (photo) => photo.set(name, value)),
      photos,
    );
    this.#change(changed);
    this.#typing = typing;
  }

  #addOffered(photos: readonly OfferedPhoto[]): void {
    for (const photo of photos) this.#offered.set(photo.file.name, photo);
    this.#pick(photos.map(({ file }) => file));
  }

  #pick(files: readonly File[]): void {
    this.setState({ news: '', over: false });
    this.#queue?.pick(files);
  }

  get #cardElements(): HTMLElement[] {
    return [...(this.#cardsElement.current?.querySelectorAll<HTMLElement>('[data-testid=photo]') ?? [])];
  }

  get #cardsClass(): string {
    const isOpen = (photo: DecapMap): boolean =>
      withdrawalOf(photo) !== undefined || this.#isOpen(this.#keys.of(textIn(photo, 'src')), photo, todayInChina());
    const sorting = this.#drag.isDragging ? ' sorting' : '';
    return `photo-cards${sorting}${this.#photos.some(isOpen) ? ' some-open' : ''}`;
  }

  /** Moves a photo to another position. Calls `moved` when the form shows it there. */
  #move(from: number, to: number, moved: () => void): void {
    const photos = this.#photos;
    const photo = photos.get(from);
    if (!photo) return;
    this.#change(photos.delete(from).insert(to, photo));
    this.setState({ news: `已移到第 ${to + 1} 张，共 ${photos.size} 张` }, moved);
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
    asOpened(() => this.#change(marked));
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

  /** Returns whether the fields of a photo are shown: at first if they need work, then as the editor wants. */
  #isOpen(key: string, photo: DecapMap, today: string): boolean {
    const open = this.#open.get(key) ?? needsWork({ photo, today });
    this.#open.set(key, open);
    return open;
  }

  #setOpen(key: string, open: boolean): void {
    if (this.#open.get(key) === open) return;
    this.#open.set(key, open);
    this.forceUpdate();
  }

  #cards(busy: boolean): ReactNode {
    const photos = this.#photos;
    const { mayExempt } = currentEditor();
    const today = todayInChina();
    const remarks = remarkRepeatedWords('', { photos: photos.toArray().map((photo) => photo.toObject()) });
    return photos.toArray().map((photo, index) => {
      const src = textIn(photo, 'src');
      const key = this.#keys.of(src);
      const published = isLive(this.props.getEntry()) && !wasSent(src);
      return photoCard({
        cardKey: key,
        id: this.#idOf(index),
        photo,
        number: index + 1,
        of: photos.size,
        address: this.#addressOf(src),
        known: knownPhoto(this.#folder, src),
        published,
        mayExempt,
        busy,
        today,
        open: this.#isOpen(key, photo, today),
        quarters: this.#turns.pendingOf(src),
        turning: this.#turns.turning.includes(src),
        turnFault: this.#turnFaults.get(key),
        replaced: this.#replaced.has(key),
        remarks: remarks.filter(({ field }) => field.startsWith(`photos.${index}.`)),
        offset: this.#drag.offsetOf(index),
        target: this.#drag.isTarget(index),
        handle: this.#drag.handle(index),
        compare: (name) => compareWithAbove(photos, index, name),
        onWithdraw: published && mayExempt ? () => void this.#withdraw(src, index + 1) : undefined,
        onChange: (name, value) => this.#write(index, name, value),
        onLeave: () => (this.#typing = undefined),
        onSame: (name) => this.#change(withSameAsAbove(photos, index, name)),
        onExempt: (reason) =>
          this.#change(photos.set(index, withExemption(photo, { reason, by: currentEditor().name }))),
        onOpen: (open) => this.#setOpen(key, open),
        onMove: (by) => this.#move(index, index + by, () => this.#focusMoved(index + by, by)),
        onTurn: (quarters) => this.#turn(src, quarters),
        onReplace: (file) => this.#queue?.replace(key, file),
        onLookedAt: () => {
          this.#replaced.delete(key);
          this.forceUpdate();
        },
        onRemove: () => this.#change(photos.delete(index)),
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
      h(
        'div',
        { className: this.#cardsClass, ref: this.#cardsElement },
        this.#cards(busy),
        photoDrop({
          id: this.props.forID,
          busy,
          over,
          full: this.#shown.size >= limits().photo.max,
          limits: limits().photo,
          onOver: (inside) => this.setState({ over: inside }),
          onFiles: (files) => this.#pick(files),
        }),
      ),
      this.#lack(),
      progressLines(queue?.sending ?? [], (id) => queue?.cancel(id)),
      h('p', { role: 'status', className: 'photo-news', 'data-testid': 'photo-news' }, news),
      h('div', { role: 'alert', 'data-testid': 'photo-errors' }, this.#refusals(busy)),
    );
  }
}

/** Longest time in milliseconds to wait for a picture before it is shown. */
const PICTURE_PATIENCE = 5000;

/** Resolves when a picture is loaded, when it cannot be loaded, or after `PICTURE_PATIENCE`. */
async function loadPicture(address: string): Promise<void> {
  const picture = new Image();
  picture.src = address;
  const patience = new Promise<void>((resolve) => setTimeout(resolve, PICTURE_PATIENCE));
  await Promise.race([picture.decode().catch(() => undefined), patience]);
}

/** Returns today's date in China, YYYY-MM-DD. */
function todayInChina(): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' }).format(new Date());
}
