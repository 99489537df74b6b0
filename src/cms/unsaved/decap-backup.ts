/** The functions of Decap's store in the browser that its backup uses. */
interface DecapStorage {
  getItem(key: string): Promise<unknown>;
  setItem(key: string, value: unknown): Promise<unknown>;
}

/**
 * Turns off Decap's own backup of unsaved work. It asks before the entry is loaded, is then overwritten by the entry, and
 * does not know from which version it started.
 */
export function turnOffDecapBackup(storage: DecapStorage): void {
  const [read, write] = [storage.getItem.bind(storage), storage.setItem.bind(storage)];
  const isBackup = (key: string): boolean => /^backup(?:\.|$)/u.test(key);
  storage.getItem = async (key) => (isBackup(key) ? null : read(key));
  storage.setItem = async (key, value) => (isBackup(key) ? value : write(key, value));
}
