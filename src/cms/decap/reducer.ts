/** A Redux reducer, with the types that this editor needs. */
export type Reducer = (state: unknown, action: unknown) => unknown;
