/**
 * Returns the first element that a selector finds.
 * @throws if there is none, or if it is not of this type.
 */
export function queryElement<E extends Element>(root: ParentNode, selector: string, type: new () => E): E {
  const found = root.querySelector(selector);
  if (!(found instanceof type)) throw new Error(`The page lacks ${selector}.`);
  return found;
}
