// Runs in the browser, on every page.

/** Whether what is typed there goes somewhere already. */
function isWrittenIn(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(?:input|textarea|select)$/iu.test(target.tagName))
  );
}

// The key `/` leads to the search box, as on many sites with one.
document.addEventListener('keydown', (event) => {
  if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (isWrittenIn(event.target)) return;
  const box = document.querySelector<HTMLInputElement>('main [name=q], [role=search] [name=q]');
  if (!box) return;
  event.preventDefault();
  box.focus();
  box.select();
});
