// Runs in the browser, loaded on demand: reads an article aloud sentence by sentence and marks the current sentence.
import { queryElement } from '../layout/query-element.ts';

/** Matches a sentence with its final punctuation and closing quotes, or the rest of a line. */
const SENTENCE = /[^。！？；…\n]+[。！？；…]*[”’」』）》]*|[^\n]+/gu;
/** Selects the elements of an article that are read aloud, in document order. */
const READ = 'h1, .lead, .standfirst, .prose p, .prose li, .prose h2, .prose h3, .prose td, .prose th';

const button = queryElement(document, '[data-aloud]', HTMLButtonElement);
const news = button.closest('div')?.appendChild(document.createElement('span'));
news?.setAttribute('role', 'status');
news?.classList.add('meta');

/** Moves the contents of an element into a new span inside it; returns the span. */
function wrapped(element: Element): HTMLElement {
  const span = document.createElement('span');
  span.append(...element.childNodes);
  element.append(span);
  return span;
}

/**
 * Wraps each sentence of an element in a span. Returns the spans that contain letters or digits. A sentence is split
 * where an element within it begins or ends. A title with possible line breaks (`<wbr>`) stays one sentence.
 */
function sentencesOf(element: Element): HTMLElement[] {
  if (element.querySelector('wbr')) return [wrapped(element)];
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const texts: Text[] = [];
  while (walker.nextNode()) if (walker.currentNode instanceof Text) texts.push(walker.currentNode);
  return texts.flatMap((text) => {
    const spans = Array.from(text.data.matchAll(SENTENCE), ([sentence]) => {
      const span = document.createElement('span');
      span.textContent = sentence;
      return span;
    });
    text.replaceWith(...spans);
    return spans.filter((span) => /[\p{L}\p{N}]/u.test(span.textContent ?? ''));
  });
}

/** Returns a voice for mainland Mandarin if there is one, otherwise any Chinese voice; undefined if there is none. */
function chineseVoice(): SpeechSynthesisVoice | undefined {
  const voices = speechSynthesis.getVoices().filter(({ lang }) => /^(?:zh|cmn)/iu.test(lang));
  return voices.find(({ lang }) => /cn|hans/iu.test(lang)) ?? voices[0];
}

/**
 * Resolves to a Chinese voice; undefined if the browser has none. Waits up to 1.5 s, because some browsers load their
 * voices only at the first request.
 */
async function voice(): Promise<SpeechSynthesisVoice | undefined> {
  if (!('speechSynthesis' in window)) return undefined;
  const known = chineseVoice();
  if (known) return known;
  await new Promise((resolve) => {
    speechSynthesis.addEventListener?.('voiceschanged', resolve, { once: true });
    setTimeout(resolve, 1500);
  });
  return chineseVoice();
}

// Request the voices now, so that they are loaded when the reader clicks: if the click is followed by a wait, WebKit
// does not allow speech.
if ('speechSynthesis' in window) chineseVoice();

let sentences: HTMLElement[] | undefined;
/** Index of the sentence that is being read, or that is read next. */
let place = 0;
let speaking = false;

/**
 * Marks a sentence, removes the mark from the previous one, and scrolls to the sentence if it is not in the window.
 * With undefined, only removes the mark.
 */
function mark(sentence: HTMLElement | undefined): void {
  document.querySelector('.spoken')?.classList.remove('spoken');
  sentence?.classList.add('spoken');
  const { top = 0, bottom = 0 } = sentence?.getBoundingClientRect() ?? {};
  if (sentence && (top < 0 || bottom > window.innerHeight)) sentence.scrollIntoView({ block: 'center' });
}

/** Sets the label of the button, and the message below it, which screen readers announce. */
function say(word: string, sentence: string): void {
  button.textContent = word;
  button.setAttribute('aria-pressed', String(speaking));
  if (news) news.textContent = sentence;
}

/**
 * Stops reading; the next click continues with the current sentence. `speechSynthesis.pause()` is not used because it
 * does not work on phones.
 */
function pause(): void {
  speaking = false;
  speechSynthesis.cancel();
  say('继续朗读', '');
}

function end(): void {
  speaking = false;
  place = 0;
  mark(undefined);
  say('朗读', '');
}

/** Reads the current sentence and then, one by one, all that follow. */
function speak(by: SpeechSynthesisVoice): void {
  const sentence = sentences?.[place];
  if (!sentence) return end();
  mark(sentence);
  const utterance = new SpeechSynthesisUtterance(sentence.textContent ?? '');
  utterance.voice = by;
  utterance.lang = by.lang;
  const goOn = (): void => {
    if (!speaking || sentences?.[place] !== sentence) return;
    place += 1;
    speak(by);
  };
  utterance.onend = goOn;
  utterance.onerror = (event) => {
    if (event.error !== 'not-allowed') return goOn();
    end();
    say('朗读', '浏览器没有让网页出声，请再点一次“朗读”。');
  };
  speechSynthesis.speak(utterance);
}

async function begin(): Promise<void> {
  const by = await voice();
  if (!by) return say('朗读', '这台设备的浏览器没有中文语音，不能朗读。');
  const article = document.querySelector('article');
  const parts = [...(article?.querySelectorAll(READ) ?? [])];
  sentences ??= parts.filter((part) => !part.querySelector(READ)).flatMap(sentencesOf);
  speaking = true;
  say('暂停朗读', '');
  speak(by);
}

button.addEventListener('click', () => {
  if (speaking) pause();
  else void begin();
});
// Without this, some browsers continue to read on the next page.
window.addEventListener('pagehide', () => {
  if (speaking) pause();
});
