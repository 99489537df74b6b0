// Runs in browser and Node: pure.
import { descendants, type XmlElement } from '../package/xml.ts';

const CONTENT: ReadonlySet<string> = new Set(['w:t', 'a:blip', 'v:imagedata']);

/**
 * Returns the children of one option of `mc:AlternateContent`, which contains the same thing for newer and for older
 * versions of Word: of the first option with text or pictures. Some versions of WPS write no option for older ones.
 */
export function chosenContent(element: XmlElement): readonly XmlElement[] {
  const options = element.children.filter(({ name }) => name === 'mc:Choice' || name === 'mc:Fallback');
  const hasContent = (option: XmlElement): boolean => {
    for (const { name } of descendants(option)) if (CONTENT.has(name)) return true;
    return false;
  };
  return (options.find(hasContent) ?? options[0])?.children ?? [];
}
