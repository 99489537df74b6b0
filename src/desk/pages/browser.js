// What the desk's pages do beyond showing themselves: copying a text, printing, and asking before what cannot be undone.
document.addEventListener('click', async ({ target }) => {
  const button = target instanceof Element ? target.closest('[data-copy]') : null;
  if (!(button instanceof HTMLElement)) return;
  const text = document.getElementById(button.dataset['copy'] ?? '')?.textContent ?? '';
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = '已复制';
  } catch {
    // Without https there is no clipboard: the text is selected instead.
    const place = document.getElementById(button.dataset['copy'] ?? '');
    if (place) getSelection()?.selectAllChildren(place);
    button.textContent = '已选中，请按 Ctrl+C 复制';
  }
});
document.addEventListener('submit', (event) => {
  const { submitter } = event;
  const question = submitter instanceof HTMLElement ? submitter.dataset['ask'] : undefined;
  if (question !== undefined && !window.confirm(question)) event.preventDefault();
});
document.addEventListener('click', ({ target }) => {
  if (target instanceof Element && target.closest('[data-print]')) window.print();
});
