import { collections } from '../../model/collections/collections.ts';
import { dateAndTimeInChina } from '../domain/china-time.ts';
import type { Editor } from '../domain/editor.ts';
import type { DeletedDraft, Drafts } from '../drafts/drafts.ts';
import { entryFacts } from '../drafts/entry-title.ts';
import type { Repository } from '../storage/repository.ts';
import { html, type Html } from './shell/html.ts';
import { historyAddress } from './shell/addresses.ts';
import { deskPageHtml } from './shell/page-shell.ts';

export interface DeletedDraftsDeps {
  repository: Repository;
  drafts: Drafts;
}

/** Greatest number of drafts on the page: the text of every listed draft is read. */
const MOST_LISTED = 100;

async function listItem({ name, commit, at }: DeletedDraft, repository: Repository): Promise<Html> {
  const blob = await repository.blobAt(commit, name.file);
  const text = blob === undefined ? '' : (await repository.bytes(blob)).toString();
  const kind = collections[name.collection].labelOne;
  return html`
    <li>
      <p class="title"><a href="${historyAddress(name)}">${entryFacts(name.file, text).title}</a></p>
      <p class="quiet">${kind} · <time datetime="${at}">${dateAndTimeInChina(at)}</time> 删除</p>
    </li>
  `;
}

/**
 * Resolves to the page of deleted drafts that can be restored, each with a link to its history. The page is for
 * reviewers.
 */
export async function deletedDraftsPage(editor: Editor, { repository, drafts }: DeletedDraftsDeps): Promise<string> {
  const deleted = await drafts.deleted();
  const items = await Promise.all(deleted.slice(0, MOST_LISTED).map(async (draft) => listItem(draft, repository)));
  return deskPageHtml({
    title: '已删除的草稿',
    place: '工作台',
    editor,
    content: html`
      <p class="quiet">
        草稿删除以后 180
        天以内找得回来，最近删除的在前：点题目，再点“看这一版”和“恢复这一版”。${
          deleted.length > MOST_LISTED && `这里只列最近的 ${MOST_LISTED} 份。`
        }
      </p>
      ${
        items.length > 0
          ? html`<ul class="entries">
              ${items}
            </ul>`
          : html`<p>没有已删除的草稿。</p>`
      }
    `,
  });
}
