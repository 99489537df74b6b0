import type { EditorPosition } from '../../model/roles.ts';

/** Somebody who is signed in. */
export interface Editor extends EditorPosition {
  id: string;
  /** By which he or she signs in; letters, digits, `_` and `.`: safe in commits. */
  login: string;
  /** As it stands in commits and in sentences to others. */
  name: string;
}
