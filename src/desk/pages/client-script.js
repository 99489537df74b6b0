// Script of the desk's pages: copies texts, prints, and asks for confirmation before actions that cannot be undone.
document.addEventListener('click', async ({ target }) => {
  const button = target instanceof Element ? target.closest('[data-copy]') : null;
  if (!(button instanceof HTMLElement)) return;
  const text = document.getElementById(button.dataset['copy'] ?? '')?.textContent ?? '';
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = '已复制';
  } catch {
    // The clipboard exists only over HTTPS: without it the text is selected, so that it can be copied by hand.
    const place = document.getElementById(button.dataset['copy'] ?? '');
    if (place) getSelection()?.selectAllChildren(place);
    button.textContent = '已选中，请按 Ctrl+C 复制';
  }
});
document.addEventListener('submit', (event) => {
  const { submitter } = event;
  const message = submitter instanceof HTMLElement ? submitter.dataset['ask'] : undefined;
  if (message !== undefined && !window.confirm(message)) event.preventDefault();
});
document.addEventListener('click', ({ target }) => {
  if (target instanceof Element && target.closest('[data-print]')) window.print();
});
