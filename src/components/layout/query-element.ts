/**
 * Returns the first element in `root` that matches a selector.
 * @throws Error if there is none, or if it is not an instance of `type`.
 */
export function queryElement<E extends Element>(root: ParentNode, selector: string, type: new () => E): E {
  const found = root.querySelector(selector);
  if (!(found instanceof type)) throw new Error(`The page lacks ${selector}.`);
  return found;
}
