// Shows the photos of a page large, one at a time, in a modal dialog. The state of the history entry contains the index
// of the photo, so that Back closes the dialog and does not leave the page. { photo: 0 } is the first photo; in a state
// without `photo`, the dialog is closed.

import { loadStyles } from '../../styles/late-styles.ts';
import { makeDialog, type LightboxDialog } from './lightbox-dialog.ts';
import href from './lightbox.css?url';
import { queryElement } from '../layout/query-element.ts';

/** Least horizontal movement of a finger, in CSS pixels, that shows another photo. */
const SWIPE = 48;

interface Slide {
  picture: Node;
  image: HTMLImageElement;
}

/** Returns the index of the photo in a state of the history; undefined if the state has none. */
function photoIn(state: unknown): number | undefined {
  if (typeof state !== 'object' || state === null || !('photo' in state)) return undefined;
  return typeof state.photo === 'number' ? state.photo : undefined;
}

/** Returns a copy of a link's photo, as large as the window allows. The copy starts to load at once. */
function slideOf(link: HTMLAnchorElement): Slide {
  const shown = queryElement(link, 'img', HTMLImageElement);
  const picture = document.importNode(queryElement(link, 'picture', HTMLPictureElement), true);
  const image = queryElement(picture, 'img', HTMLImageElement);
  const ratio = Number(shown.getAttribute('width')) / Number(shown.getAttribute('height'));
  for (const source of picture.querySelectorAll('source')) source.sizes = `min(100vw, ${Math.ceil(100 * ratio)}vh)`;
  image.loading = 'eager';
  image.removeAttribute('fetchpriority');
  // Until the copy has loaded, show the photo as it is on the page, which is sharper than its placeholder.
  if (shown.naturalWidth > 0) image.style.backgroundImage = `url("${shown.currentSrc}")`;
  return { picture, image };
}

/** Returns whether a click is on the photo itself and not beside it in the box of the image element. */
function isOnPhoto({ clientX, clientY }: MouseEvent, image: HTMLImageElement): boolean {
  const { left, top, width, height } = image.getBoundingClientRect();
  // Read the size from the attributes: the image may not have loaded yet.
  const [ownWidth, ownHeight] = [Number(image.getAttribute('width')), Number(image.getAttribute('height'))];
  const scale = Math.min(width / ownWidth, height / ownHeight);
  const [x, y] = [clientX - left - width / 2, clientY - top - height / 2].map(Math.abs);
  return (x ?? 0) <= (ownWidth * scale) / 2 && (y ?? 0) <= (ownHeight * scale) / 2;
}

/** Locks or unlocks the scrolling of the page. A locked page has no scroll bar but keeps its width. */
function lockScroll(locked: boolean): void {
  const { clientWidth, style } = document.documentElement;
  style.paddingInlineEnd = locked ? `${window.innerWidth - clientWidth}px` : '';
  style.overflow = locked ? 'hidden' : '';
}

/** Connects the dialog with the links to photos. `styled` resolves when the dialog's style sheet is loaded. */
function begin(parts: LightboxDialog, styled: Promise<void>, links: readonly HTMLAnchorElement[]): void {
  const { dialog, stage, words, place, previous, next } = parts;
  const slides = new Map<number, Slide>();
  let current = 0;
  /** Index of the photo that the reader tapped on the page: focus returns to it when the dialog closes. */
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

  /** Shows the photo named in the history's state; closes the dialog if the state names none. */
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
      // With these keys the link opens in a new tab or window, or is downloaded.
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      history.pushState({ photo: index }, '');
      void styled.then(followHistory);
    });
  });
  // After a reload the history's state is still there.
  if (photoIn(history.state) !== undefined) void styled.then(followHistory);
  window.addEventListener('popstate', followHistory);

  // This event fires after Esc, after 关闭 or a click beside the photo, and after Back. Only Back has already left the
  // photo's history entry.
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

  // Two fingers zoom, and one finger moves a zoomed photo, as the browser does everywhere. If the photo is not zoomed,
  // one finger shows the next or previous photo; without our handling, some browsers would go Back.
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

// In browsers that do not support `<dialog>`, the links simply open the files.
if (typeof HTMLDialogElement === 'function') {
  begin(
    makeDialog(),
    loadStyles(href),
    [...document.querySelectorAll('a[data-enlarge]')].filter((link) => link instanceof HTMLAnchorElement),
  );
}
