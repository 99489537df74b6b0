import { photoEntries, type PhotoEntry } from '../../../library/store/photo-lists.ts';
import type { EntryStore } from '../../../library/store/entry-store.ts';
import { chineseDate } from '../../../text/date.ts';
import { dateInChina, todayInChina } from '../../domain/china-time.ts';
import type { Editor } from '../../domain/editor.ts';
import { entryRefAt, type EntryRef } from '../../domain/entry-ref.ts';
import type { ErasureRequest } from '../../erasure/erasure-record.ts';
import { editorAddress, historyAddress, WITHDRAWN } from '../shell/addresses.ts';
import { actionButton } from '../shell/form.ts';
import { html, type Html } from '../shell/html.ts';
import { deskPageHtml, type Message } from '../shell/page-shell.ts';

export interface WithdrawnView {
  store: Pick<EntryStore, 'versions'>;
  /** The erasures that are still to be made. */
  requests: readonly ErasureRequest[];
}

/** Returns the path to which the erasure form of an entry is sent. */
function erasureAddress({ collection, slug }: EntryRef): string {
  return `${WITHDRAWN}/${collection}/${slug}`;
}

/** Returns a sentence on when an original is erased. `due` is YYYY-MM-DD. */
function dueSentence(due: string): string {
  if (due >= todayInChina()) return `原件保留到 ${chineseDate(due)}，到时自动彻底删除。`;
  return `原件本该在 ${chineseDate(due)}彻底删除，但还没有删成。要知道为什么，请点“彻底删除”。`;
}

/** Chinese sentences that say what an erasure removes, shown before a person confirms it. */
const WHAT_GOES =
  '照片的原件、由它做的各种大小、上传的记录都会删去，以后的备份里也不再有。历史里只留下“照片已彻底删除”。删了就找不回来，谁也恢复不了。';

/** Returns the line of a withdrawn photo; undefined if the photo is not withdrawn. `due`: see ErasureRequest. */
function photoLine(entry: PhotoEntry, photo: PhotoEntry['photos'][number], due: string | undefined): Html | undefined {
  const { src, withdrawn } = photo;
  if (!withdrawn) return undefined;
  const number = entry.photos.indexOf(photo) + 1;
  const ref = entryRefAt(entry.file);
  const ask = `彻底删除“${entry.title}”的第 ${number} 张照片？${WHAT_GOES}`;
  return html`
    <li>
      <p>第 ${number} 张照片 · ${chineseDate(withdrawn.date)}撤下：${withdrawn.reason}</p>
      ${
        due === undefined
          ? html`<p class="quiet">照片已彻底删除。</p>`
          : html`
              <p class="quiet">${dueSentence(dateInChina(due))}</p>
              ${actionButton(erasureAddress(ref), '彻底删除', { src, when: 'now' }, undefined, ask)}
            `
      }
    </li>
  `;
}

function entryView(entry: PhotoEntry, dues: ReadonlyMap<string, string>): Html {
  const ref = entryRefAt(entry.file);
  const { title, withdrawn, photos } = entry;
  const left = photos.filter((photo) => !photo.withdrawn).length;
  const ask = `彻底删除“${title}”的照片（${left} 张）？${WHAT_GOES}文字仍留在历史里。`;
  return html`
    <li>
      <p class="title"><a href="${editorAddress(ref)}">${title}</a></p>
      <p class="quiet">
        ${withdrawn && `${chineseDate(withdrawn.date)}撤稿：${withdrawn.reason} · `}<a href="${historyAddress(ref)}"
          >历史</a
        >
      </p>
      ${
        withdrawn &&
        left > 0 &&
        html`
          <p class="quiet">撤稿以后照片的原件还在（${left} 张），可以重新发布。</p>
          ${actionButton(erasureAddress(ref), '30 天后彻底删除照片', { when: 'later' }, undefined, ask)}
          ${actionButton(erasureAddress(ref), '彻底删除照片', { when: 'now' }, undefined, ask)}
        `
      }
      <ul>
        ${photos.map((photo) => photoLine(entry, photo, dues.get(`${entry.file}\n${photo.src}`)))}
      </ul>
    </li>
  `;
}

/**
 * Returns the page that lists the withdrawn entries and the entries with withdrawn photos, with buttons that erase
 * originals. Entries without photos are left out.
 */
export function withdrawnPage(editor: Editor, { store, requests }: WithdrawnView, message?: Message): string {
  const dues = new Map(requests.map(({ entry, src, due }) => [`${entry}\n${src}`, due] as const));
  const entries = Array.from(photoEntries(store))
    .filter(({ withdrawn, photos }) => withdrawn ?? photos.some((photo) => photo.withdrawn))
    .sort((one, other) => (one.file < other.file ? 1 : -1));
  return deskPageHtml({
    title: '撤下的照片和稿件',
    editor,
    message,
    content: html`
      <p class="quiet">照片撤下以后，原件再保留 30 天，然后自动彻底删除；当事人要求的，可以现在就彻底删除。</p>
      ${
        entries.length === 0
          ? html`<p>没有撤下的照片和稿件。</p>`
          : html`<ul class="entries">
              ${entries.map((entry) => entryView(entry, dues))}
            </ul>`
      }
    `,
  });
}
