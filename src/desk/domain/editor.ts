import type { EditorPosition } from '../../model/roles.ts';

/** A person who is signed in. */
export interface Editor extends EditorPosition {
  id: string;
  /** The name for signing in: lower-case letters, digits, `_` and `.`, which are safe in commits. */
  login: string;
  /** The name that commits and messages to other people show. */
  name: string;
}
