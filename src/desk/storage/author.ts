/** The author of a commit. */
export interface Author {
  name: string;
  login: string;
}

/** The author of commits that the desk makes without a person's request. */
export const DESK_AUTHOR: Author = { name: '编辑台', login: 'desk' };
