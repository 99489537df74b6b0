// Runs in the browser, once a reader wants it: an article is read aloud, sentence by sentence, each marked meanwhile.
import { queryElement } from '../layout/query-element.ts';

/** A sentence with the marks that end it and what closes quotes behind it. */
const SENTENCE = /[^。！？；…\n]+[。！？；…]*[”’」』）》]*|[^\n]+/gu;
/** What is read of an article, in its order. */
const READ = 'h1, .lead, .standfirst, .prose p, .prose li, .prose h2, .prose h3, .prose td, .prose th';

const button = queryElement(document, '[data-aloud]', HTMLButtonElement);
const news = button.closest('div')?.appendChild(document.createElement('span'));
news?.setAttribute('role', 'status');
news?.classList.add('meta');

/** Puts all of an element into a span. */
function wrapped(element: Element): HTMLElement {
  const span = document.createElement('span');
  span.append(...element.childNodes);
  element.append(span);
  return span;
}

/** Puts every sentence of an element into a span of its own; elements within sentences stay. A title is one sentence. */
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

/** A voice that speaks Chinese as it is spoken on the mainland, else any Chinese one. */
function chineseVoice(): SpeechSynthesisVoice | undefined {
  const voices = speechSynthesis.getVoices().filter(({ lang }) => /^(?:zh|cmn)/iu.test(lang));
  return voices.find(({ lang }) => /cn|hans/iu.test(lang)) ?? voices[0];
}

/** Some browsers know their voices only a moment after they are first asked. */
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

// They are known by the time that the reader clicks: after a wait a click is no longer the reader's own to WebKit.
if ('speechSynthesis' in window) chineseVoice();

let sentences: HTMLElement[] | undefined;
/** The sentence that is read, or comes next. */
let place = 0;
let speaking = false;

function mark(sentence: HTMLElement | undefined): void {
  document.querySelector('.spoken')?.classList.remove('spoken');
  sentence?.classList.add('spoken');
  const { top = 0, bottom = 0 } = sentence?.getBoundingClientRect() ?? {};
  if (sentence && (top < 0 || bottom > window.innerHeight)) sentence.scrollIntoView({ block: 'center' });
}

function say(word: string, sentence: string): void {
  button.textContent = word;
  button.setAttribute('aria-pressed', String(speaking));
  if (news) news.textContent = sentence;
}

/** Stops where it is; the next press goes on from there. Pausing would be kept by no telephone. */
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
// Else some browsers read on while another page is shown.
window.addEventListener('pagehide', () => {
  if (speaking) pause();
});
