import { createElement as h, createRef, type ReactNode } from 'react';
import { showToast } from '../backend/toast.ts';
import { openForm, takeBack } from '../store/form-store.ts';
import { Control } from '../widgets/widget.ts';
import { plainData, watchedForm } from './form-copy.ts';
import { keeper, storedCopies } from './keeper.ts';
import { offerItem } from './offer-item.ts';
import { mergeCopies, offersOf, type Offer } from './offers.ts';
import { browserId, randomId } from './this-browser.ts';

interface UnsavedState {
  offers: readonly Offer[];
  isUnprotected: boolean;
}

/**
 * The notice above a form about unsaved work that was kept: when and where it was written, and how it differs from what
 * is saved. Decap's configuration lists it as a field (config.ts) that never gets a value.
 */
export class UnsavedControl extends Control<UnsavedState> {
  override state: UnsavedState = { offers: [], isUnprotected: false };
  readonly #section = createRef<HTMLElement>();
  #unmounted = false;
  #stop: () => void = () => undefined;

  override componentDidMount(): void {
    this.#stop = keeper.onChange(() => {
      this.setState({ isUnprotected: keeper.isUnprotected });
      // After a save, what is still offered differs from another text, and is older than that text.
      if (openForm()?.changed === false) void this.#load();
    });
    void this.#load();
  }

  override componentWillUnmount(): void {
    this.#unmounted = true;
    this.#stop();
    keeper.offer([]);
  }

  async #load(): Promise<void> {
    const place = watchedForm()?.place;
    if (!place) return;
    const copies = mergeCopies(...(await storedCopies(place)));
    // What was typed in the meantime belongs to the form.
    const form = openForm();
    const watched = watchedForm();
    if (this.#unmounted || !form || watched?.place.slug !== place.slug) return;
    const { collection, isNew, opened } = form;
    const offered = { collection, isNew, baseId: watched?.baseId ?? null, opened: plainData(opened) };
    const others = copies.filter(({ id }) => !keeper.ownIds().includes(id));
    const { offers, needless } = offersOf(offered, others, browserId());
    if (needless.length > 0) void keeper.discard(needless);
    this.#show(offers);
  }

  #show(offers: readonly Offer[]): void {
    keeper.offer(offers.map(({ copy }) => copy.id));
    this.setState({ offers });
  }

  #without({ copy }: Offer): Offer[] {
    return this.state.offers.filter((offer) => offer.copy.id !== copy.id);
  }

  #take(offer: Offer): void {
    // What the form has now stays as a copy, and is offered next.
    takeBack(offer.data, randomId());
    keeper.replace([offer.copy.id]);
    showToast({ kind: 'done', text: '已取回。请看一遍，没有问题就点“保存”。' });
  }

  #discard(offer: Offer): void {
    if (!window.confirm('确定不要这份没保存的内容吗？不要了就找不回来。')) return;
    this.#show(this.#without(offer));
    void keeper.discard([offer.copy.id]);
    // The button that had the focus is gone.
    this.#section.current?.focus();
  }

  override render(): ReactNode {
    const { offers, isUnprotected } = this.state;
    if (offers.length === 0 && !isUnprotected) return h('div', { className: 'unsaved-none' });
    const isNew = this.props.getEntry()?.get('newRecord') === true;
    return h(
      'section',
      {
        ref: this.#section,
        tabIndex: -1,
        className: 'unsaved',
        'aria-label': '没保存的内容',
        'data-testid': 'unsaved',
      },
      isUnprotected
        ? h(
            'p',
            { role: 'alert', className: 'unsaved-unprotected', 'data-testid': 'unprotected' },
            '没保存的内容现在留不了底：这个浏览器存不下，编辑台也连不上。请不要关闭这一页，尽快点“保存”。',
          )
        : null,
      offers.length > 0
        ? h(
            'div',
            { role: 'status' },
            h('h2', null, offers.length > 1 ? `有 ${offers.length} 份没保存的内容` : '有一份没保存的内容'),
          )
        : null,
      h(
        'ul',
        null,
        offers.map((offer) =>
          offerItem({ offer, isNew, onTake: () => this.#take(offer), onDiscard: () => this.#discard(offer) }),
        ),
      ),
    );
  }
}
