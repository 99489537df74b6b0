// Shows the photos of a page large, one at a time, in a modal dialog. The history's state names the photo, so that Back
// closes the dialog and does not leave the page: { photo: 0 } is the first photo; a state without `photo` is the page.

import { loadStyles } from '../../styles/late-styles.ts';
import { makeDialog, type LightboxDialog } from './lightbox-dialog.ts';
import href from './lightbox.css?url';
import { queryElement } from '../layout/query-element.ts';

/** A finger that moves this far sideways, in CSS pixels, shows another photo. */
const SWIPE = 48;

interface Slide {
  picture: Node;
  image: HTMLImageElement;
}

/** Returns the index of the photo in a state of the history; undefined if there is none. */
function photoIn(state: unknown): number | undefined {
  if (typeof state !== 'object' || state === null || !('photo' in state)) return undefined;
  return typeof state.photo === 'number' ? state.photo : undefined;
}

/** Returns a copy of a link's photo, as large as the window allows. It starts loading at once. */
function slideOf(link: HTMLAnchorElement): Slide {
  const shown = queryElement(link, 'img', HTMLImageElement);
  const picture = document.importNode(queryElement(link, 'picture', HTMLPictureElement), true);
  const image = queryElement(picture, 'img', HTMLImageElement);
  const ratio = Number(shown.getAttribute('width')) / Number(shown.getAttribute('height'));
  for (const source of picture.querySelectorAll('source')) source.sizes = `min(100vw, ${Math.ceil(100 * ratio)}vh)`;
  image.loading = 'eager';
  image.removeAttribute('fetchpriority');
  // Until it has loaded, show the photo as it is on the page, which is better than its placeholder.
  if (shown.naturalWidth > 0) image.style.backgroundImage = `url("${shown.currentSrc}")`;
  return { picture, image };
}

/** Returns whether a click is on the photo itself and not beside it in the image's box. */
function isOnPhoto({ clientX, clientY }: MouseEvent, image: HTMLImageElement): boolean {
  const { left, top, width, height } = image.getBoundingClientRect();
  // From the attributes: the image may not have loaded yet.
  const [ownWidth, ownHeight] = [Number(image.getAttribute('width')), Number(image.getAttribute('height'))];
  const scale = Math.min(width / ownWidth, height / ownHeight);
  const [x, y] = [clientX - left - width / 2, clientY - top - height / 2].map(Math.abs);
  return (x ?? 0) <= (ownWidth * scale) / 2 && (y ?? 0) <= (ownHeight * scale) / 2;
}

/** Locks the scrolling of the page, which keeps its width without the scroll bar, or unlocks it. */
function lockScroll(locked: boolean): void {
  const { clientWidth, style } = document.documentElement;
  style.paddingInlineEnd = locked ? `${window.innerWidth - clientWidth}px` : '';
  style.overflow = locked ? 'hidden' : '';
}

/** Connects the dialog with the links. `styled` resolves when its styles are loaded. */
function begin(parts: LightboxDialog, styled: Promise<void>, links: readonly HTMLAnchorElement[]): void {
  const { dialog, stage, words, place, previous, next } = parts;
  const slides = new Map<number, Slide>();
  let current = 0;
  /** Index of the photo that was tapped, where the reader is on the page. */
  let tapped = 0;

  function slideAt(index: number): Slide | undefined {
    const link = links[index];
    const slide = slides.get(index) ?? (link && slideOf(link));
    if (slide) slides.set(index, slide);
    return slide;
  }

  function show(index: number): void {
    const slide = slideAt(index);
    if (!slide) return;
    current = index;
    stage.replaceChildren(slide.picture);
    const caption = links[index]?.closest('figure')?.querySelector('figcaption')?.cloneNode(true);
    words.replaceChildren(...(caption?.childNodes ?? []));
    place.textContent = `第 ${index + 1} 张，共 ${links.length} 张`;
    previous.setAttribute('aria-disabled', String(index === 0));
    next.setAttribute('aria-disabled', String(index === links.length - 1));
    const onDecoded = () => {
      slide.image.style.backgroundImage = 'none';
      slideAt(index + 1);
    };
    slide.image.decode().then(onDecoded, () => undefined);
  }

  /** Shows the photo in the history's state, or closes the dialog. */
  function followHistory(): void {
    const index = photoIn(history.state);
    if (index === undefined || !links[index]) {
      dialog.close();
      return;
    }
    if (!dialog.open) {
      tapped = index;
      lockScroll(true);
      dialog.showModal();
    }
    show(index);
  }

  function turnTo(index: number): void {
    if (index === current || !links[index]) return;
    history.replaceState({ photo: index }, '');
    show(index);
  }

  links.forEach((link, index) => {
    link.addEventListener('click', (event) => {
      // With these keys the link opens in a new tab or window.
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      history.pushState({ photo: index }, '');
      void styled.then(followHistory);
    });
  });
  // After a reload the history still has the state.
  if (photoIn(history.state) !== undefined) void styled.then(followHistory);
  window.addEventListener('popstate', followHistory);

  // Fires after Esc, 关闭 and Back; only Back has already left the photo's state.
  dialog.addEventListener('close', () => {
    lockScroll(false);
    stage.replaceChildren();
    links[tapped]?.focus({ preventScroll: true });
    if (photoIn(history.state) !== undefined) history.back();
  });

  previous.hidden = next.hidden = links.length < 2;
  previous.addEventListener('click', () => turnTo(current - 1));
  next.addEventListener('click', () => turnTo(current + 1));
  dialog.addEventListener('click', (event) => {
    const { target } = event;
    if (!(target instanceof Element) || target.closest('button:not(.close), .words')) return;
    if (target instanceof HTMLImageElement && isOnPhoto(event, target)) return;
    dialog.close();
  });
  dialog.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const wanted = { ArrowLeft: current - 1, ArrowRight: current + 1, Home: 0, End: links.length - 1 };
    const index = new Map(Object.entries(wanted)).get(event.key);
    if (index === undefined) return;
    event.preventDefault();
    turnTo(index);
  });

  // Two fingers zoom, and one finger moves a zoomed photo, as usual. If it is not zoomed, one finger turns to the next
  // photo; in some browsers it would go Back.
  const zoomed = () => (window.visualViewport?.scale ?? 1) > 1.01;
  window.visualViewport?.addEventListener('resize', () => {
    dialog.style.touchAction = zoomed() ? 'auto' : '';
  });
  let start: Touch | undefined;
  stage.addEventListener(
    'touchstart',
    ({ touches }) => {
      start = touches.length === 1 && !zoomed() ? touches[0] : undefined;
    },
    { passive: true },
  );
  stage.addEventListener(
    'touchend',
    ({ changedTouches: [end] }) => {
      if (!start || !end) return;
      const across = end.clientX - start.clientX;
      const down = end.clientY - start.clientY;
      start = undefined;
      if (Math.abs(across) >= SWIPE && Math.abs(across) > 2 * Math.abs(down)) turnTo(current - Math.sign(across));
    },
    { passive: true },
  );
}

// A browser without dialog follows the links.
if (typeof HTMLDialogElement === 'function') {
  begin(
    makeDialog(),
    loadStyles(href),
    [...document.querySelectorAll('a[data-enlarge]')].filter((link) => link instanceof HTMLAnchorElement),
  );
}
