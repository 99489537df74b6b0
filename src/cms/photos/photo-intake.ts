/** A photo that another part of the form adds to the photo field, with the words that are known about it. */
export interface OfferedPhoto {
  /** The file. Its name must differ from those of the other photos that are offered with it. */
  file: File;
  /** Values of the photo's fields. */
  words: Readonly<Record<string, string>>;
  /** Sentence in Chinese that is added if the photo is refused as too small. */
  ifTooSmall: string;
}

/** The photo field of the form that is shown. */
export interface PhotoTaker {
  /** Returns how many photos are waiting or being sent. Nothing can be added while there are any. */
  left(): number;
  add(photos: readonly OfferedPhoto[]): void;
  /** Cancels the photos that are waiting or being sent. */
  cancel(): void;
}

let current: PhotoTaker | undefined;

/** Makes a photo field the one that gets photos. Returns a function that ends this. */
export function becomeTaker(taker: PhotoTaker): () => void {
  current = taker;
  return () => {
    if (current === taker) current = undefined;
  };
}

/** Returns the photo field of the form that is shown; undefined if the form has none. */
export function photoTaker(): PhotoTaker | undefined {
  return current;
}

const listeners = new Set<() => void>();

/** Calls a function after each change of the photos that are being sent. Returns a function that ends this. */
export function onPhotosSent(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** Tells all listeners that the photos that are being sent have changed. */
export function announcePhotos(): void {
  for (const listener of listeners) listener();
}
