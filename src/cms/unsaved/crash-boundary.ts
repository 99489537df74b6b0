import { ErrorBoundary } from 'decap-cms-core/dist/esm/components/UI/ErrorBoundary.js';
import { createElement as h, type ReactNode } from 'react';
import { CrashPage } from './crash-page.ts';
import { keeper } from './keeper.ts';
import { plainText } from './plain-text.ts';

/** Returns the unsaved text; empty if nothing is unsaved or the text cannot be written. */
function unsavedText(): string {
  try {
    const form = keeper.lastUnsaved();
    return form ? plainText(form) : '';
  } catch {
    return '';
  }
}

/**
 * Replaces the page that Decap shows if its code or one of our controls throws. Decap has no setting for this page,
 * which links to Decap's issue tracker. The boundary around the preview, which has no `showBackup`, gets one sentence.
 */
export function replaceCrashPage(): void {
  const own = ErrorBoundary.prototype;
  own.componentDidUpdate = async () => undefined;
  own.render = function render(this: ErrorBoundary): ReactNode {
    const { hasError, errorMessage } = this.state;
    if (!hasError) return this.props.children;
    if (this.props.showBackup !== true)
      return h('p', { role: 'alert' }, '样子没有显示出来。文字还在左边，可以照常保存。');
    return h(CrashPage, { text: unsavedText(), details: errorMessage });
  };
}
