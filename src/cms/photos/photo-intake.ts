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
  /** Whether other photos are being sent. Nothing can be added then. */
  isBusy(): boolean;
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
