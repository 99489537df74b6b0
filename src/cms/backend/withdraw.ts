import { ask, post } from './desk-client.ts';
import { showToast } from './toast.ts';

/**
 * Asks for a reason in a prompt and withdraws a published entry; its page then shows only the reason. Does nothing if
 * no reason is given. Shows success or failure in a toast.
 */
export async function withdraw(collection: string, slug: string): Promise<void> {
  const reason = window.prompt('为什么撤稿？理由会显示在原来的网页上。')?.trim();
  if (reason === undefined || reason === '') return;
  try {
    await ask(
      '/api/v1',
      post({ branch: 'main', action: 'withdrawEntry', params: { branch: 'main', collection, slug, reason } }),
    );
    showToast({ kind: 'done', text: '已撤稿。网页还在，只显示撤稿理由。' });
  } catch (error) {
    showToast({ kind: 'error', text: String(error) });
  }
}
