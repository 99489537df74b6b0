import type { Library } from '../../library/library.ts';
import { collections } from '../../model/collections/collections.ts';
import { nextPeriod, reportOf, reportStateWords, type Period, type Report } from '../../model/reporting.ts';
import { reportKinds } from '../../model/collections/site.ts';
import { hasRole, mayWriteIn } from '../../model/roles.ts';
import { chineseDate } from '../../text/date.ts';
import { timeInChina, todayInChina } from '../domain/china-time.ts';
import { stateWords } from '../drafts/drafts.ts';
import type { Editor } from '../domain/editor.ts';
import type { Permissions } from '../authorisation/permissions.ts';
import { CatalogueBusy, type Catalogue } from '../catalogue/catalogue.ts';
import { latestPublished, type PublishedEntry } from '../catalogue/latest-published.ts';
import { listedDrafts, type ListedDraft } from '../catalogue/listed-drafts.ts';
import type { Submissions } from '../catalogue/submissions.ts';
import type { OriginalsNotice } from '../operations/originals-health.ts';
import { damagedLine } from '../operations/originals-check.ts';
import { actionButton } from './shell/form.ts';
import { html, type Html } from './shell/html.ts';
import { deskPageHtml, type Message } from './shell/page-shell.ts';
import {
  DELETED_DRAFTS,
  editorAddress,
  historyAddress,
  newEntryAddress,
  previewAddress,
  WITHDRAWN,
} from './shell/addresses.ts';
import { consentSections } from './consents/consent-sections.ts';
import { reportingOf } from './reports-page.ts';

export interface StartPageDeps {
  catalogue: Catalogue;
  permissions: Permissions;
  submissions: Submissions;
  library(): Promise<Library>;
  /** Returns what is wrong with the original photos. */
  originalsNotice(): Promise<OriginalsNotice>;
}

/** Greatest number of published entries on the page. */
const MOST_RECENT = 8;

/** Resolves to the drafts that a person may see. The draft that has been unchanged for the longest time comes first. */
async function draftsFor(editor: Editor, { catalogue, permissions }: StartPageDeps): Promise<ListedDraft[]> {
  const found = (await listedDrafts(catalogue)).map(async (listed) =>
    (await permissions.mayAccess(editor, listed.draft.name)) ? [listed] : [],
  );
  return (await Promise.all(found)).flat();
}

function listOf(entries: readonly ListedDraft[], unitName: (code: string) => string): Html {
  const items = entries.map(({ draft, title, unit }) => {
    const { name, author, updatedAt, state, returned } = draft;
    const facts = [
      collections[name.collection].labelOne,
      unit === undefined ? undefined : unitName(unit),
      `${author} ${timeInChina(updatedAt)} 改过`,
      stateWords[state],
    ];
    return html`
      <li>
        <p class="title"><a href="${editorAddress(name)}">${title}</a></p>
        <p class="quiet">
          ${facts.filter(Boolean).join(' · ')} · <a href="${previewAddress(name)}">看样子</a> ·
          <a href="${historyAddress(name)}">历史</a>
        </p>
        ${returned && html`<p class="message error">${returned.by}退回：${returned.reason}</p>`}
      </li>
    `;
  });
  return html`<ul class="entries">
    ${items}
  </ul>`;
}

function section(
  title: string,
  entries: readonly ListedDraft[],
  unitName: (code: string) => string,
  none: string,
): Html {
  const { length } = entries;
  return html`
    <section>
      <h2>${title}${length > 0 && `（${length}）`}</h2>
      ${length > 0 ? listOf(entries, unitName) : html`<p class="quiet">${none}</p>`}
    </section>
  `;
}

function deadlineNote(period: Period, reported: Report | undefined, counts: { came: number; of: number }): Html {
  const days = Math.round((Date.parse(period.deadline) - Date.parse(todayInChina())) / 86_400_000);
  const when = days === 0 ? '就是今天' : `还有 ${days} 天`;
  const own = reported
    ? reported.day === undefined
      ? '本单位还没有报送。'
      : `本单位已报送 ${reported.count} 篇（${chineseDate(reported.day)}，${reportStateWords[reported.state]}）。`
    : `已有 ${counts.came} 个单位报送，共 ${counts.of} 个。`;
  return html`
    <p class="message">
      下一次报送：${reportKinds[period.kind]}，截止 ${chineseDate(period.deadline)}，${when}。${own}
    </p>
  `;
}

function listOfPublished(entries: readonly PublishedEntry[], unitName: (code: string) => string): Html {
  if (entries.length === 0) return html`<p class="quiet">还没有发布过。</p>`;
  const items = entries.map(
    ({ name, address, kind, title, unit, day }) => html`
      <li>
        <p class="title"><a href="${editorAddress(name)}">${title}</a></p>
        <p class="quiet">${kind} · ${unitName(unit)} · ${chineseDate(day)} · <a href="${address}">看网页</a></p>
      </li>
    `,
  );
  return html`<ul class="entries">
    ${items}
  </ul>`;
}

/** Resolves to a part of the page. While the catalogue is being made, resolves to a sentence that says so. */
async function unlessBusy(part: () => Promise<Html>): Promise<Html> {
  try {
    return await part();
  } catch (error) {
    if (error instanceof CatalogueBusy) return html`<p class="quiet">${error.message}</p>`;
    throw error;
  }
}

async function deadlineView(
  editor: Editor,
  period: Period,
  { submissions: all }: StartPageDeps,
  library: Library,
): Promise<Html> {
  const { table, submissions } = await reportingOf(all, library, Number(period.deadline.slice(0, 4)));
  const column = table.periods.findIndex(({ id }) => id === period.id);
  const came = table.rows.filter(({ reports }) => reports[column]?.day !== undefined).length;
  const own = editor.unit === undefined ? undefined : reportOf(editor.unit, period, submissions, todayInChina());
  return deadlineNote(period, own, { came, of: table.rows.length });
}

/** Tells an administrator which original photos are lost, by entry, and how to bring them back. */
function originalsSection({ trouble, photos, others }: OriginalsNotice): Html | undefined {
  if (trouble === undefined && photos.length === 0 && others === 0) return undefined;
  const items = photos.map(
    (photo) => html`
      <li>
        <p class="title"><a href="${editorAddress(photo.name)}">${photo.title}</a></p>
        <p class="quiet">${photo.published ? '已发布' : '草稿'} · 照片“${photo.src}” · ${damagedLine(photo)}</p>
      </li>
    `,
  );
  return html`
    <section>
      <h2>原图出了问题</h2>
      ${trouble !== undefined && html`<p class="message error">${trouble}</p>`}
      ${
        photos.length > 0 &&
        html`
          <p>读者看到的照片还在，但原图不见了或损坏。从备份恢复下面的文件，或在稿件里换一张照片。</p>
          <ul class="entries">
            ${items}
          </ul>
        `
      }
      ${
        others > 0 &&
        html`<p class="quiet">
          旧版本、删除的草稿或上传的照片里另有 ${others} 张，名单用 npm run originals -- --check 看。
        </p>`
      }
    </section>
  `;
}

const sampleSection = html`
  <section>
    <h2>示例内容</h2>
    <p>网站上还有示例故事。准备好开始时，可以一次清空；单位、七大活动和通知文件会保留。</p>
    ${actionButton('/desk/clear-sample', '清空示例', {}, undefined, '清空以后网站上不再有示例内容。确定吗？')}
  </section>
`;

/**
 * Resolves to the start page: the next deadline, the drafts that wait for the person, and the latest publications.
 * `message` is shown above these parts.
 */
export async function startPage(editor: Editor, deps: StartPageDeps, message?: Message): Promise<string> {
  const library = await deps.library();
  const reader = library.reader();
  const site = reader.site();
  const units = new Map(reader.units().map((unit) => [unit.code, unit]));
  const unitName = (code: string): string => units.get(code)?.short ?? code;
  const waiting = await draftsFor(editor, deps);
  const reviewer = hasRole(editor, 'reviewer');
  const returned = waiting.filter(({ draft }) => draft.returned !== undefined && draft.state === 'draft');
  const drafts = waiting.filter(({ draft }) => draft.state === 'draft' && draft.returned === undefined);
  const inReview = waiting.filter(({ draft }) => draft.state === 'pending_review');
  const ready = waiting.filter(({ draft }) => draft.state === 'pending_publish');

  const period = nextPeriod(todayInChina(), site.reporting);
  const begin = (['stories', 'examples', 'summaries', 'wishes'] as const)
    .filter((name) => mayWriteIn(editor, name))
    .map((name) => {
      const { labelOne } = collections[name];
      return html`<a class="button" href="${newEntryAddress(name)}">新建${labelOne}</a>`;
    });
  const fromWord = html`<a class="button" href="/admin/#/collections/stories/new?from=word">从 Word 导入故事</a>`;
  const lists = reviewer
    ? [
        section('等您审核', inReview, unitName, '没有稿件在等审核。'),
        section('可以发布', ready, unitName, '没有通过审核、等着发布的稿件。'),
        ...(returned.length > 0 ? [section('退回待改', returned, unitName, '')] : []),
        section('草稿', drafts, unitName, '没有草稿。'),
        html`<p><a href="${DELETED_DRAFTS}">已删除的草稿</a> · <a href="${WITHDRAWN}">撤下的照片和稿件</a></p>`,
      ]
    : [
        ...(returned.length > 0 ? [section('退回来了，请修改', returned, unitName, '')] : []),
        section('草稿', drafts, unitName, '没有没写完的稿件。'),
        section('已送审', [...inReview, ...ready], unitName, '没有在等审核的稿件。'),
      ];
  // Both wait for the catalogue, so they wait at the same time.
  const [deadline, latest] = await Promise.all([
    period && unlessBusy(async () => deadlineView(editor, period, deps, library)),
    unlessBusy(async () => {
      const unit = reviewer ? undefined : editor.unit;
      return listOfPublished(await latestPublished(library, deps.catalogue, unit, MOST_RECENT), unitName);
    }),
  ]);
  return deskPageHtml({
    title: '工作台',
    editor,
    message,
    content: html`
      ${deadline}
      <p class="places">${begin} ${fromWord}</p>
      ${hasRole(editor, 'administrator') && originalsSection(await deps.originalsNotice())} ${lists}
      ${
        reviewer || editor.unit !== undefined
          ? consentSections(library, { unit: reviewer ? undefined : editor.unit, today: todayInChina(), unitName })
          : undefined
      }
      <h2>最近发布</h2>
      ${latest} ${site.sample && hasRole(editor, 'administrator') && sampleSection}
    `,
  });
}
