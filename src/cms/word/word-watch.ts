import { showToast } from '../backend/toast.ts';
import { onFormChange, openForm } from './form.ts';
import { announce, importRecord, namesOf } from './import-record.ts';

/** Says after 送审 which guesses nobody has checked. They do not keep an entry from review. */
function remarkOnReview(): void {
  const guesses = importRecord()?.guesses ?? [];
  if (guesses.length === 0) return;
  const text = `已送审。从 Word 读入的还有 ${guesses.length} 处没有核对：${namesOf(guesses)}。请现在核对，或告诉审核人。`;
  showToast({ kind: 'done', text });
}

/** Watches the form: a field that is changed needs no checking any more, and 送审 names what is left. */
export function watchForm(): void {
  let before = { path: '', status: '' };
  onFormChange(() => {
    const form = openForm();
    if (!form) return;
    if (importRecord()?.notice(form) === true) announce();
    const { path, status } = form;
    const isSent = status === 'pending_review' && before.path === path && before.status === 'draft';
    before = { path, status };
    if (isSent) remarkOnReview();
  });
}
