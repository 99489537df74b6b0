import { z } from 'zod';
import { bases } from './base-versions.ts';
import { ask, post } from './desk-client.ts';
import { askReason } from './reason-dialog.ts';
import { showToast } from './toast.ts';

/** Greatest length of a reason in characters, as the desk allows. */
const MOST_REASON = 120;

const changed = z.looseObject({ ids: z.record(z.string(), z.string()).default({}) });

async function call(action: string, params: Record<string, unknown>): Promise<unknown> {
  return ask('/api/v1', post({ branch: 'main', action, params: { branch: 'main', ...params } }));
}

/**
 * Asks for a reason and withdraws a published entry; its page then shows only the reason, or not even the title. Does
 * nothing if no reason is given. Shows success or failure in a toast.
 */
export async function withdraw(collection: string, slug: string): Promise<void> {
  const given = await askReason({
    title: '为什么撤稿？',
    hint: '理由会显示在原来的网页上；标题也撤下的，网页只说稿件已撤下，不显示标题和理由。',
    action: '撤稿',
    tick: '标题也撤下',
    most: MOST_REASON,
  });
  if (!given) return;
  const { reason, ticked } = given;
  try {
    await call('withdrawEntry', { collection, slug, reason, ...(ticked ? { hideTitle: true } : {}) });
    const text = ticked ? '已撤稿。网页还在，只说稿件已撤下。' : '已撤稿。网页还在，只显示撤稿理由。';
    showToast({ kind: 'done', text });
  } catch (error) {
    showToast({ kind: 'error', text: String(error) });
  }
}

/** A photo of an entry that is open in the form. */
export interface OpenPhoto {
  collection: string;
  slug: string;
  /** Path of the entry's file. */
  path: string;
  /** File name of the photo. */
  src: string;
  /** Position of the photo in the entry, from 1. */
  number: number;
}

/**
 * Asks for a reason and withdraws one photo of a published entry. The form can be saved afterwards: it goes on from the
 * version that the desk has made. Shows success or failure in a toast.
 * @returns the reason; undefined if no photo was withdrawn.
 */
export async function withdrawPhoto({ collection, slug, path, src, number }: OpenPhoto): Promise<string | undefined> {
  const given = await askReason({
    title: `为什么撤下第 ${number} 张照片？`,
    hint: '它马上从网站上消失，稿件照常。理由只有编辑台看得到。原件再保留 30 天，然后彻底删除。',
    action: '撤下照片',
    most: MOST_REASON,
  });
  if (!given) return undefined;
  const { reason } = given;
  try {
    const baseId = bases.get(path) ?? null;
    const { ids } = changed.parse(await call('withdrawPhoto', { collection, slug, src, reason, baseId }));
    for (const [file, id] of Object.entries(ids)) bases.set(file, id);
    showToast({ kind: 'done', text: '照片已撤下，网站上没有它了。请补一张照片。' });
    return reason;
  } catch (error) {
    showToast({ kind: 'error', text: String(error) });
    return undefined;
  }
}
