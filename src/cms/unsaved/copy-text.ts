/** What copies the selection where there is no clipboard interface. The standard calls it obsolete and offers no other. */
interface SelectionCopier {
  execCommand(command: 'copy'): boolean;
}

/**
 * Copies the text of a field to the clipboard. On pages without HTTPS the browser has no clipboard interface; then the
 * text is selected and copied by the older command. Resolves to whether the text was copied. The text stays selected.
 */
export async function copyField(field: HTMLTextAreaElement): Promise<boolean> {
  field.focus();
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    const copier: SelectionCopier = document;
    return copier.execCommand('copy');
  }
}
