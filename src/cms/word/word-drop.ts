/** Names and types of files that belong into the photo field. */
const PHOTO = /\.(?:jpe?g|png|webp|avif|hei[cf]|gif|bmp|tiff?)$/iu;

function isPhoto({ name, type }: File): boolean {
  return type.startsWith('image/') || PHOTO.test(name);
}

/** Returns whether files are dragged, and not only photos as far as the browser says. */
function mayBeDocument({ dataTransfer }: DragEvent): boolean {
  if (!dataTransfer?.types.includes('Files')) return false;
  return [...dataTransfer.items].some(({ kind, type }) => kind === 'file' && !type.startsWith('image/'));
}

/** What happens when something is dropped on the page. */
export interface DropListener {
  /** Whether a file that may be a document is dragged over the page. */
  over(isOver: boolean): void;
  /** Files that are no photos were dropped, wherever on the page. */
  documents(files: readonly File[]): void;
  /** Photos were dropped where nothing takes them. */
  strayPhotos(): void;
}

/**
 * Takes documents that are dropped anywhere on the page, before the field that they are dropped on gets them. Keeps the
 * browser from opening a file that nothing takes: the form would be lost. Returns a function that ends this.
 */
export function takeDrops(listener: DropListener): () => void {
  const stopped = new AbortController();
  const { signal } = stopped;
  document.addEventListener(
    'dragover',
    (event) => {
      if (!mayBeDocument(event)) return;
      event.preventDefault();
      listener.over(true);
    },
    { signal },
  );
  document.addEventListener(
    'dragleave',
    ({ relatedTarget }) => {
      if (relatedTarget === null) listener.over(false);
    },
    { signal },
  );
  document.addEventListener(
    'drop',
    (event) => {
      listener.over(false);
      const documents = [...(event.dataTransfer?.files ?? [])].filter((file) => !isPhoto(file));
      if (documents.length === 0) return;
      event.preventDefault();
      event.stopPropagation();
      // The field below does not get the drop: it must not wait for it any longer.
      event.target?.dispatchEvent(new DragEvent('dragleave', { bubbles: true }));
      listener.documents(documents);
    },
    { signal, capture: true },
  );
  for (const name of ['dragover', 'drop'] as const) {
    document.addEventListener(
      name,
      (event) => {
        if (event.defaultPrevented || !event.dataTransfer?.types.includes('Files')) return;
        event.preventDefault();
        if (name === 'drop') listener.strayPhotos();
      },
      { signal },
    );
  }
  return () => stopped.abort();
}
