import { onFormChange, openForm } from '../store/form-store.ts';

/** Sets `data-form="blank"` of the body while the form of a new entry is open in which nothing was written yet. */
export function markBlankForm(): void {
  onFormChange(() => {
    const form = openForm();
    if (form?.isNew && !form.changed && form.slug === '') document.body.dataset['form'] = 'blank';
    else delete document.body.dataset['form'];
  });
}
